package probe

import (
	"crypto/x509"
	"net/url"
)

// MaxKept is the limit on an observation in JSON.
const MaxKept = maxKept

// Finish returns o as every probe returns it.
func Finish(o Observation) Observation { return o.finish(nil) }

// FinishWith is Finish after a proxy was told who asks.
func FinishWith(o Observation, user *url.Userinfo) Observation {
	var s secrets
	s.add(user)
	return o.finish(&s)
}

// Describe returns what n tells of a chain.
func Describe(n Network, chain []*x509.Certificate) []Certificate { return n.describe(chain) }
