package probe

import (
	"crypto/sha1" //nolint:gosec // see shippedRoots
	"crypto/x509"
	"embed"
	"encoding/hex"
	"encoding/pem"
	"io/fs"
	"slices"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

//go:embed roots/*.pem roots/intermediates/*.pem roots/windows.der
var rootFiles embed.FS

// microsoftCertificates returns the known root certificates that Windows trusts
// and no public bundle has. Hosts that Windows needs have chains that end in
// them, so they are genuine on every system. The caller owns the certificates.
func microsoftCertificates() []*x509.Certificate {
	return readCertificates("roots/microsoft-*.pem")
}

// readCertificates parses embedded files with one certificate each.
func readCertificates(pattern string) []*x509.Certificate {
	var list []*x509.Certificate
	names, _ := fs.Glob(rootFiles, pattern) // the patterns are well-formed
	for _, name := range names {
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
	return poolOf(microsoftCertificates())
})

// windowsRoots are the roots of the Windows root program for TLS servers that
// publicRoots lacks, such as those that browsers have dropped and servers still
// use. They are parsed only once a chain is in doubt.
//
//nolint:gochecknoglobals // computed once, never changed
var windowsRoots = sync.OnceValue(func() *x509.CertPool { return poolOf(windowsCertificates()) })

func windowsCertificates() []*x509.Certificate {
	der, err := rootFiles.ReadFile("roots/windows.der")
	if err != nil {
		return nil
	}
	certs, _ := x509.ParseCertificates(der) // a test parses all of it
	return certs
}

// spareIntermediates are intermediate certificates that continue a path where
// the ones that servers send have expired: they have the same names and keys,
// but another root. The cross-signed certificates of Microsoft Azure RSA TLS
// Issuing CA 03, 04, 07 and 08 expired on 2026-08-25.
//
//nolint:gochecknoglobals // computed once, never changed
var spareIntermediates = sync.OnceValue(func() []*x509.Certificate {
	return readCertificates("roots/intermediates/*.pem")
})

func poolOf(certs []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}

// publicRoots is Mozilla's set, with the limits that Mozilla puts on some
// roots.
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

// shippedRoots returns the SHA-1 hashes of the roots that Microsoft ships with
// Windows. Not all are available as files, so they are recognized on machines
// that have them. Microsoft publishes only SHA-1, which is enough here: to pass
// for one of these roots, an attacker needs a second preimage, which SHA-1
// still resists, and the machine must already trust that certificate.
func shippedRoots() []string {
	return []string{
		"3b1efd3a66ea28b16697394703a72ca340a05bd5", // Microsoft Root Certificate Authority 2010
		"8f43288ad272f3103b6fb1428485ea3014c0bcfe", // Microsoft Root Certificate Authority 2011
		"06f1aa330b927b753a40e68cdf22e34bcbef3352", // Microsoft ECC Product Root Certificate Authority 2018
		"31f9fc8ba3805986b721ea7295c65b3a44534274", // Microsoft ECC TS Root Certificate Authority 2018
		"0119e81be9a14cd8e22f40ac118c687ecba3f4d8", // Microsoft Time Stamp Root Certificate Authority 2014
		"999a64c37ff47d9fab95f14769891460eec4c3c5", // Microsoft ECC Root Certificate Authority 2017
		"73a5e64a3bff8316ff0edccc618a906e4eae4d74", // Microsoft RSA Root Certificate Authority 2017
		"6b1937abfd64e1e40daf2262a27857c015d6228d", // Microsoft EV ECC Root Certificate Authority 2017
		"ada06e72393ccbe873648cf122a91c35ef4c984d", // Microsoft EV RSA Root Certificate Authority 2017
		"21734d95a2473be25cbfd12a84c6fbc5bc8e2414", // Microsoft TLS RSA Root G2
		"f82bb951ba6b8a85adfa7515028560d1250e7237", // Microsoft TLS ECC Root G2
		"f40042e2e5f7e8ef8189fed15519aece42c3bfa2", // Microsoft Identity Verification Root Certificate Authority 2020
		"a43489159a520f0d93d032ccaf37e7fe20a8b419", // Microsoft Root Authority
		"cdd4eeae6000ac7f40c3802c171e30148030c072", // Microsoft Root Certificate Authority
	}
}

// isShipped reports whether Microsoft ships a root with Windows.
func isShipped(root *x509.Certificate) bool {
	sum := sha1.Sum(root.Raw) //nolint:gosec // see shippedRoots
	return slices.Contains(shippedRoots(), hex.EncodeToString(sum[:]))
}
