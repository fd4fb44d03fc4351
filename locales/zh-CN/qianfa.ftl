app-name = 签发
