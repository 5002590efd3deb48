from importlib.util import find_spec

# Only the pattern's parser and the numpy networks work without torch.
collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]
