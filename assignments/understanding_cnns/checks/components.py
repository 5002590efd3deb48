"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it, nor the modules beside it.
"""

from cnn_embedding import EMBEDDING
from cnn_fields import FIELDS
from cnn_occlusion import OCCLUSION
from cnn_pictures import PICTURES
from cnn_tsne import PROBABILITIES

COMPONENTS = [*PICTURES, *FIELDS, *OCCLUSION, *PROBABILITIES, *EMBEDDING]
