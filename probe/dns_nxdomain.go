package probe

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
)

func measureNXDomain(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	name := randomLabel() + "." + t.Host
	err := checkName(t.Host)
	if err == nil {
		err = checkName(name)
	}
	if err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
	}
	o.DNS = &DNSFacts{Name: name}
	resolvers, err := n.resolverList()
	if err != nil {
		return &Error{Op: OpResolve, Addr: name, Code: DNSUnreachable, Err: err}
	}
	var worst *answer
	for _, a := range n.askAll(ctx, resolvers, name) {
		a.judgeAbsent()
		o.keep(&a)
		if a.err != nil && (worst == nil || moreTelling(a.err, worst.err)) {
			worst = &a
		}
	}
	if worst == nil {
		return nil
	}
	worst.describe(o.DNS)
	return worst.failure(name)
}

// randomLabel returns one of 26^20 labels.
func randomLabel() string {
	label := make([]byte, 20)
	_, _ = rand.Read(label) // never fails
	for i, b := range label {
		label[i] = 'a' + b%26
	}
	return string(label)
}

// judgeAbsent judges an answer for a nonexistent name. It is right if it has no
// address. A denial of the name counts for both types.
func (a *answer) judgeAbsent() {
	var madeUp []netip.Addr
	absent := 0
	for _, q := range []*DNSQuery{&a.v4.query, &a.v6.query} {
		switch {
		case q.RCode == "NXDOMAIN":
			absent += 2
		case q.RCode == "NOERROR" && len(q.Addresses) > 0:
			q.Code = DNSRewritten
			madeUp = append(madeUp, q.Addresses...)
		case q.Code == DNSNoData:
			absent++
		}
	}
	a.addresses = madeUp
	switch {
	case len(madeUp) > 0:
		err := fmt.Errorf("%v for a name that does not exist", madeUp)
		a.err = &Error{Op: OpResolve, Addr: a.resolver.String(), Code: DNSRewritten, Err: err}
	case absent >= 2:
		a.err = nil
	}
}
