package probe

import "crypto/x509"

// CountTimestamps counts the timestamps in an extension of a certificate.
func CountTimestamps(der []byte) int { return countTimestamps(der) }

// DescribeChain returns what the certificates of a chain say.
func DescribeChain(chain []*x509.Certificate) []Certificate { return describeChain(chain) }
