app-name = Qianfa

### rules: calendar
rules-calendar-unknown-year = The holiday notice for { $year } is not in the calendar, so working days cannot be counted; add the year to the calendar overlay
rules-calendar-line = Line { $line } of the calendar overlay is none of year, rest, work
rules-calendar-date = Line { $line } of the calendar overlay has no valid date: { $text }
rules-calendar-contradiction = Line { $line } of the calendar overlay contradicts an earlier one: { $date } is both rest and work
