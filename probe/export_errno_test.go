package probe

import "syscall"

// ClassifyWinsock returns the code of an error number of Windows from a step.
func ClassifyWinsock(op string, e syscall.Errno) Code { return codeOf(op, kindOfWinsock(e)) }
