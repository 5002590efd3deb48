linear_score = 60.75
