package probetest

// Once limits a fault to the first connection to each address and port, so that
// a second attempt succeeds. It applies to streams; for datagrams use [Loss]
// with First.
type Once struct {
	Fault Fault
}

func (o Once) in(f flow) Fault {
	if o.Fault == nil || f.network != "tcp" || f.earlier > 0 {
		return nil
	}
	return o.Fault.in(f)
}
