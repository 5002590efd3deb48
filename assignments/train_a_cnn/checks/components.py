"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it, nor the modules beside it.
"""

from train_a_cnn_data import DATA
from train_a_cnn_learning import LEARNING
from train_a_cnn_loss import LOSS

COMPONENTS = [*DATA, *LOSS, *LEARNING]
