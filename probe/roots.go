package probe

import (
	"crypto/x509"
	"embed"
	"encoding/pem"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

//go:embed roots/*.pem
var rootFiles embed.FS

// MicrosoftRoots returns two root certificates that Windows trusts and the
// public bundles do not have: Microsoft Root Certificate Authority 2010 and
// 2011. Chains of some hosts that Windows needs end in them, so they count as
// genuine on every system. The certificates belong to the caller.
func MicrosoftRoots() []*x509.Certificate {
	var list []*x509.Certificate
	for _, name := range []string{"roots/microsoft-root-2010.pem", "roots/microsoft-root-2011.pem"} {
		data, err := rootFiles.ReadFile(name)
		if err != nil {
			continue
		}
		block, _ := pem.Decode(data)
		if block == nil {
			continue
		}
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			list = append(list, c)
		}
	}
	return list
}

//nolint:gochecknoglobals // computed once, never changed
var microsoftRoots = sync.OnceValue(func() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range MicrosoftRoots() {
		pool.AddCert(c)
	}
	return pool
})

// publicRoots is Mozilla's set, with the limits that Mozilla has put on some.
//
//nolint:gochecknoglobals // computed once, never changed
var publicRoots = sync.OnceValue(func() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil:
		case root.Constraint != nil:
			pool.AddCertWithConstraint(c, root.Constraint)
		default:
			pool.AddCert(c)
		}
	}
	return pool
})
