import numpy as np
cimport numpy as np
