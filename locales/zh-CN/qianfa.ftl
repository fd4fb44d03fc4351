app-name = 签发

### rules: calendar
rules-calendar-unknown-year = { $year } 年的节假日安排尚未收录，不能推算工作日；请在日历补充文件中加入该年通知
rules-calendar-line = 日历补充文件第 { $line } 行不是 year、rest 或 work
rules-calendar-date = 日历补充文件第 { $line } 行的日期无法识别：{ $text }
rules-calendar-contradiction = 日历补充文件第 { $line } 行与前文矛盾：{ $date } 既休息又上班
