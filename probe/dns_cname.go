package probe

import (
	"context"
	"errors"
)

func measureCNAME(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	if err := checkName(t.Host); err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
	}
	o.DNS = &DNSFacts{Name: t.Host}
	resolvers, err := n.resolverList()
	if err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: DNSUnreachable, Err: err}
	}
	answers := n.askAll(ctx, resolvers, t.Host)
	failed := o.compare(answers)
	for i := range answers {
		if a := &answers[i]; len(a.v4.query.CNAMEs)+len(a.v6.query.CNAMEs) > 0 {
			a.describe(o.DNS)
			return nil
		}
	}
	if failed == nil {
		failed = &Error{Op: OpResolve, Addr: t.Host, Code: DNSNoData, Err: errors.New("addresses, and no CNAME record")}
	}
	return failed
}
