package probetest

import (
	"crypto/x509"
	"slices"
)

// The CAs of the internet. Everyone trusts the first two; few hosts use the
// second. Only Windows has the roots of the third and fourth, but the first has
// cross-signed the fourth. Nobody trusts the last.
const (
	publicOrganization  = "Probetest Public Trust"
	otherOrganization   = "Probetest Other Public Trust"
	windowsOrganization = "Probetest Windows Trust"
	crossOrganization   = "Probetest Cross-Signed Trust"
	unknownOrganization = "Probetest Unknown"
)

// genuineOrganizations returns those whose certificates are genuine.
func genuineOrganizations() []string {
	return []string{publicOrganization, otherOrganization, windowsOrganization, crossOrganization}
}

func genuine(organization string) bool {
	return slices.Contains(genuineOrganizations(), organization)
}

// publicRoots returns the roots in which genuine chains end. Package probe has
// most of Microsoft's roots itself. It knows others only if the machine has
// them; the cross-signed root stands for these.
func (i *Internet) publicRoots() *x509.CertPool {
	if i.PublicBundle {
		return i.pki.roots(publicOrganization, otherOrganization, windowsOrganization)
	}
	return i.pki.roots(genuineOrganizations()...)
}

// machineRoots returns the roots that the machine trusts: the genuine ones that
// it has, and those of [Inspect] that it knows.
func (i *Internet) machineRoots() *x509.CertPool {
	pool := i.publicRoots()
	if i.PublicBundle {
		pool = i.pki.roots(publicOrganization, otherOrganization)
	}
	for inspect := range everywhere[Inspect](i) {
		if inspect.Unknown {
			continue
		}
		if root, err := i.pki.root(inspect.organization()); err == nil {
			pool.AddCert(root)
		}
	}
	return pool
}

func (p *pki) roots(organizations ...string) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, organization := range organizations {
		if root, err := p.root(organization); err == nil {
			pool.AddCert(root)
		}
	}
	return pool
}

func (p *pki) root(organization string) (*x509.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(organization)
	if err != nil {
		return nil, err
	}
	return a.root.cert, nil
}
