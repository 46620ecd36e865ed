package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/netready/netready/examples/internal/cli"
)

// maxCertificates limits the size of a PEM file, in bytes. That of all public
// roots has about 1 MB with comments.
const maxCertificates = 16 << 20

// readCertificates returns the certificates in a PEM file, at least one.
func readCertificates(flag, name string) ([]*x509.Certificate, error) {
	text, err := cli.ReadFile(name, maxCertificates)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	certs, err := parseCertificates(text)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", flag, name, err)
	}
	return certs, nil
}

// parseCertificates returns the certificates in PEM, at least one. It skips
// other blocks, such as keys.
func parseCertificates(rest []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(certs)+1, err)
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errors.New("no certificates; want PEM, which begins with -----BEGIN CERTIFICATE-----")
	}
	return certs, nil
}

// withCertificates returns the pool with certificates added.
func withCertificates(pool *x509.CertPool, certs []*x509.Certificate) *x509.CertPool {
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}
