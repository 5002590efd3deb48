"""Data: loaders, splits, preprocessing fitted on the training set, augmentation."""
