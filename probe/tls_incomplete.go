package probe

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"
	"sync"
)

// lacksIssuer reports whether a chain under no known root names a public CA at
// its end and only lacks that CA's certificate. Nobody can tell then whether
// the chain is genuine. It can be judged if one of its signatures is bad, or if
// the missing certificate is known but did not lead to a root for another
// reason.
//
// It can also be judged if a URL returned no certificate: that is the fault of
// the network or the server, and a device would fail too, unless Windows has
// the issuer as a root.
func (n Network) lacksIssuer(chain []*x509.Certificate, failures []Document) bool {
	last, ok := signedUpTo(chain)
	public := n.publicNames()
	if !ok || slices.ContainsFunc(public, func(of rootNames) bool { return of.subjects[string(last.RawIssuer)] }) {
		return false
	}
	for _, c := range spareIntermediates() {
		if bytes.Equal(c.RawSubject, last.RawIssuer) && last.CheckSignatureFrom(c) != nil {
			return false
		}
	}
	if slices.Contains(unheldRoots(), last.Issuer.String()) {
		return true
	}
	asked := slices.ContainsFunc(failures, func(f Document) bool { return f.Code != NotTestable })
	return !asked && slices.ContainsFunc(public, func(of rootNames) bool { return of.organizations[organization(last.Issuer)] })
}

// unheldRoots returns the names of roots for TLS servers that Windows has and
// this package lacks, because no copy is available or Go cannot read it.
func unheldRoots() []string {
	return []string{
		"CN=Microsoft TLS ECC Root G2,O=Microsoft Corporation,C=US",
		"CN=Microsoft EV ECC Root Certificate Authority 2017,O=Microsoft Corporation,C=US",
		"CN=Microsoft EV RSA Root Certificate Authority 2017,O=Microsoft Corporation,C=US",
		// Its serial number is negative.
		"CN=EC-ACC,OU=Serveis Publics de Certificacio+OU=Vegeu https://www.catcert.net/verarrel (c)03+OU=Jerarquia Entitats de Certificacio Catalanes," +
			"O=Agencia Catalana de Certificacio (NIF Q-0801176-I),C=ES",
	}
}

// signedUpTo follows a chain by its names to the last certificate, whose issuer
// is not in it. It reports whether each signature along the way is good.
func signedUpTo(chain []*x509.Certificate) (last *x509.Certificate, ok bool) {
	last = chain[0]
	rest := slices.Clone(chain[1:min(len(chain), maxChain)])
	for {
		named := func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, last.RawIssuer) }
		if !slices.ContainsFunc(rest, named) {
			return last, !selfIssued(last)
		}
		i := slices.IndexFunc(rest, func(c *x509.Certificate) bool {
			return named(c) && tractable(c) && last.CheckSignatureFrom(c) == nil
		})
		if i < 0 {
			return last, false
		}
		last = rest[i]
		rest = slices.Delete(rest, i, i+1)
	}
}

// publicNames returns the names of the genuine roots.
func (n Network) publicNames() []rootNames {
	if n.PublicRoots != nil {
		return []rootNames{windowsNames(), rootNamesOf(n.PublicRoots)}
	}
	return []rootNames{windowsNames(), bundleNames()}
}

// rootNames are the names of a set's roots.
type rootNames struct {
	subjects      map[string]bool // in DER
	organizations map[string]bool // with country, see organization
}

//nolint:gochecknoglobals // computed once, never changed
var (
	windowsNames = sync.OnceValue(func() rootNames { return rootNamesOf(microsoftRoots(), windowsRoots()) })
	bundleNames  = sync.OnceValue(func() rootNames { return rootNamesOf(publicRoots()) })
)

func rootNamesOf(pools ...*x509.CertPool) rootNames {
	out := rootNames{make(map[string]bool), make(map[string]bool)}
	for _, pool := range pools {
		for _, der := range pool.Subjects() { //nolint:staticcheck // it omits only the system's roots, and this pool has none
			out.subjects[string(der)] = true
			var parts pkix.RDNSequence
			if _, err := asn1.Unmarshal(der, &parts); err != nil {
				continue
			}
			var name pkix.Name
			name.FillFromRDNSequence(&parts)
			out.organizations[organization(name)] = true
		}
	}
	delete(out.organizations, "")
	return out
}

// organization returns a name's organization with its country, or "" without
// one.
func organization(name pkix.Name) string {
	if len(name.Organization) == 0 {
		return ""
	}
	return strings.Join(slices.Concat(name.Organization, name.Country), "\n")
}
