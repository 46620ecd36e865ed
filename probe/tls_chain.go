package probe

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"sync"
)

// maxChain limits how many certificates of a chain are used. Chains of public
// CAs have up to four.
const maxChain = 10

// maxName limits the length of a name in a certificate.
const maxName = 256

// authorities are the facts about CA certificates that a run has seen, by their
// hash. Most hosts share a few. The zero value is ready to use and safe for
// concurrent use.
type authorities struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]Certificate
}

// maxAuthorities limits them. Public CAs have fewer for the hosts of a run.
const maxAuthorities = 256

// describe returns the facts about a chain's certificates.
func (n Network) describe(chain []*x509.Certificate) []Certificate {
	list := make([]Certificate, min(len(chain), maxChain))
	for i := len(list) - 1; i >= 0; i-- {
		c := chain[i]
		sum := sha256.Sum256(c.Raw)
		if n.shared != nil && c.IsCA {
			list[i] = n.shared.authorities.describe(c, sum)
			continue
		}
		var issuer string
		if i+1 < len(list) && bytes.Equal(c.RawIssuer, chain[i+1].RawSubject) {
			issuer = list[i+1].Subject
		} else {
			issuer = printable(c.Issuer.String(), maxName)
		}
		list[i] = describe(c, sum, issuer)
	}
	return list
}

func (a *authorities) describe(c *x509.Certificate, sum [sha256.Size]byte) Certificate {
	a.mu.Lock()
	d, ok := a.known[sum]
	a.mu.Unlock()
	if ok {
		return d
	}
	d = describe(c, sum, printable(c.Issuer.String(), maxName))
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil {
		a.known = make(map[[sha256.Size]byte]Certificate)
	}
	if len(a.known) < maxAuthorities {
		a.known[sum] = d
	}
	return d
}

func describe(c *x509.Certificate, sum [sha256.Size]byte, issuer string) Certificate {
	const maxNames = 20
	d := Certificate{
		Subject:   printable(c.Subject.String(), maxName),
		Issuer:    issuer,
		NotBefore: c.NotBefore,
		NotAfter:  c.NotAfter,
		SCTs:      timestamps(c),
		SHA256:    hex.EncodeToString(sum[:]),
	}
	if len(c.Issuer.Organization) > 0 {
		d.Organization = printable(c.Issuer.Organization[0], maxName)
	}
	for _, name := range c.DNSNames[:min(len(c.DNSNames), maxNames)] {
		d.DNSNames = append(d.DNSNames, printable(name, maxName))
	}
	return d
}
