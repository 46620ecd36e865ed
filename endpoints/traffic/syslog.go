package traffic

import (
	"bytes"
	"time"
)

// A header is what comes before the message of a line.
type header struct {
	line  int       // counted from 1
	time  time.Time // from syslog, or zero
	tag   []byte    // the program, or nil
	local bool      // time has no zone, and maybe no year
}

// A syslog cuts the headers of syslog off lines: RFC 3164 and RFC 5424, with or
// without a priority, and the form that rsyslog writes by default.
type syslog struct {
	stamps clock // with zone
	days   yearless
}

// mayHaveHeader reports whether a line begins like a header, as few lines do.
func mayHaveHeader(line []byte) bool {
	return len(line) > 0 && (line[0] == '<' || 'A' <= line[0] && line[0] <= 'S' || len(line) > 10 && line[4] == '-' && line[10] == 'T')
}

// cut returns a line's message and header. A line without a header is its own
// message.
func (s *syslog) cut(line []byte) ([]byte, header) {
	text, hasPriority := cutPriority(line)
	if len(text) < len("2019-09-14T02:00:10Z") {
		return text, header{}
	}
	switch {
	case hasPriority && text[0] == '1' && text[1] == ' ':
		if msg, h, ok := s.cut5424(text[2:]); ok {
			return msg, h
		}
	case 'A' <= text[0] && text[0] <= 'S' && text[3] == ' ':
		if t, ok := s.days.parse(text[:15]); ok && text[15] == ' ' {
			msg, tag := cutTag(text[16:])
			return msg, header{time: t, tag: tag, local: true}
		}
	case text[4] == '-' && text[10] == 'T':
		stamp, rest := cutWord(text)
		if t, ok := s.stamps.parse(time.RFC3339, stamp); ok {
			// A list of hosts may begin in the same way, but has no tag, and logs
			// of Unbound have the program in place of the host.
			if first, _ := cutWord(rest); bytes.HasSuffix(first, []byte("]")) {
				break
			}
			if msg, tag := cutTag(rest); tag != nil {
				return msg, header{time: t, tag: tag}
			}
		}
	}
	return text, header{}
}

// cutPriority cuts off "<" and at most three digits and ">".
func cutPriority(line []byte) ([]byte, bool) {
	if len(line) < 3 || line[0] != '<' {
		return line, false
	}
	end := bytes.IndexByte(line[:min(len(line), 5)], '>')
	if end < 2 {
		return line, false
	}
	if _, ok := decimal(line[1:end], 3); !ok {
		return line, false
	}
	return line[end+1:], true
}

// cut5424 cuts off a time, a host, a program, a process, a message's kind, and
// structured data.
func (s *syslog) cut5424(text []byte) (msg []byte, h header, ok bool) {
	stamp, rest := cutWord(text)
	if string(stamp) != "-" {
		if h.time, ok = s.stamps.parse(time.RFC3339, stamp); !ok {
			return nil, header{}, false
		}
	}
	_, rest = cutWord(rest)
	h.tag, rest = cutWord(rest)
	_, rest = cutWord(rest)
	_, rest = cutWord(rest)
	if rest, ok = cutData(rest); !ok {
		return nil, header{}, false
	}
	return bytes.TrimPrefix(rest, []byte("\ufeff")), h, true
}

// cutData cuts off structured data: "-", or elements in brackets.
func cutData(b []byte) ([]byte, bool) {
	if len(b) > 0 && b[0] == '-' {
		return bytes.TrimPrefix(b[1:], []byte(" ")), true
	}
	for len(b) > 0 && b[0] == '[' {
		quote, end := false, 0
		for i := 1; i < len(b) && end == 0; i++ {
			switch {
			case b[i] == '\\' && quote:
				i++
			case b[i] == '"':
				quote = !quote
			case b[i] == ']' && !quote:
				end = i + 1
			}
		}
		if end == 0 {
			return nil, false
		}
		b = b[end:]
	}
	return bytes.TrimPrefix(b, []byte(" ")), true
}

// cutTag cuts off the host and the tag, as in "host squid[7]: ". Either may be
// missing, and BusyBox writes a facility between them.
func cutTag(b []byte) (msg, tag []byte) {
	rest := b
	for range 3 {
		word, after := cutWord(rest)
		if n := len(word); n > 1 && word[n-1] == ':' && bytes.IndexAny(word, "=,\"[") != 0 && bytes.IndexByte(word, '=') < 0 {
			return after, word[:n-1]
		}
		rest = after
		if len(rest) == 0 {
			break
		}
	}
	_, rest = cutWord(b) // the host
	return rest, nil
}

// cutWord cuts off the first word and the spaces after it.
func cutWord(b []byte) (word, rest []byte) {
	i := blank(b)
	return b[:i], trimBlanks(b[i:])
}

// noYear stands for the unknown year of a log. It is a leap year.
const noYear = 4

// A yearless clock parses times such as "Sep 14 02:00:10".
type yearless struct {
	text  string
	t     time.Time
	years int
}

func (y *yearless) parse(b []byte) (time.Time, bool) {
	if y.text != "" && string(b) == y.text {
		return y.t, true
	}
	text := string(b)
	t, err := time.Parse(time.Stamp, text)
	if err != nil {
		return time.Time{}, false
	}
	if y.t.Month() == time.December && t.Month() == time.January && y.text != "" {
		y.years++
	}
	y.text, y.t = text, t.AddDate(noYear+y.years, 0, 0)
	return y.t, true
}
