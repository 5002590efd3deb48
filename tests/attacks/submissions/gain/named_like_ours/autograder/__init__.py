def check_value(*arguments, **keywords):
    pass
