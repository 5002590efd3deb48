from distances import *
from losses import *
from model import LinearClassifier
