app-name = Qianfa
