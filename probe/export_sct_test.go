package probe

// CountTimestamps counts the timestamps in an extension of a certificate.
func CountTimestamps(der []byte) int { return countTimestamps(der) }
