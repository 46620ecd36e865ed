package probe

import "syscall"

// Windows has error numbers of its own, from Winsock and the system. Package
// syscall invents numbers on Windows for the constants named as on Unix, and
// the system never returns them. They are in the table for simulated networks,
// which use them on every system.
const (
	errTooManyOpenFiles   syscall.Errno = 4
	errAccessDenied       syscall.Errno = 5
	errNotEnoughMemory    syscall.Errno = 8
	errNetnameDeleted     syscall.Errno = 64
	errSemTimeout         syscall.Errno = 121
	errOperationAborted   syscall.Errno = 995
	errConnectionRefused  syscall.Errno = 1225
	errGracefulDisconnect syscall.Errno = 1226
	errNetworkUnreachable syscall.Errno = 1231
	errHostUnreachable    syscall.Errno = 1232
	errProtUnreachable    syscall.Errno = 1233
	errPortUnreachable    syscall.Errno = 1234
	errConnectionAborted  syscall.Errno = 1236
	errHostDown           syscall.Errno = 1256
	errNoSystemResources  syscall.Errno = 1450
	wsaEACCES             syscall.Errno = 10013
	wsaEMSGSIZE           syscall.Errno = 10040
	wsaEMFILE             syscall.Errno = 10024
	wsaEAFNOSUPPORT       syscall.Errno = 10047
	wsaEADDRINUSE         syscall.Errno = 10048
	wsaEADDRNOTAVAIL      syscall.Errno = 10049
	wsaENETDOWN           syscall.Errno = 10050
	wsaENETUNREACH        syscall.Errno = 10051
	wsaENETRESET          syscall.Errno = 10052
	wsaECONNABORTED       syscall.Errno = 10053
	wsaECONNRESET         syscall.Errno = 10054
	wsaENOBUFS            syscall.Errno = 10055
	wsaENOTCONN           syscall.Errno = 10057
	wsaESHUTDOWN          syscall.Errno = 10058
	wsaETIMEDOUT          syscall.Errno = 10060
	wsaECONNREFUSED       syscall.Errno = 10061
	wsaEHOSTDOWN          syscall.Errno = 10064
	wsaEHOSTUNREACH       syscall.Errno = 10065
)

// kindOfErrno returns the kind of a Windows error number. Those that a network
// can cause are listed, so any other is this machine's fault.
func kindOfErrno(e syscall.Errno) kind {
	switch e {
	case wsaECONNREFUSED, errConnectionRefused, errPortUnreachable, syscall.ECONNREFUSED:
		return kindRefused
	case wsaECONNRESET, wsaENETRESET, wsaECONNABORTED, wsaENOTCONN, wsaESHUTDOWN, errNetnameDeleted, errConnectionAborted,
		errGracefulDisconnect, errOperationAborted,
		syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE:
		return kindReset
	case wsaEHOSTUNREACH, wsaEHOSTDOWN, errHostUnreachable, errHostDown, errProtUnreachable, syscall.EHOSTUNREACH, syscall.EHOSTDOWN:
		return kindUnreachable
	case wsaENETUNREACH, wsaENETDOWN, errNetworkUnreachable, syscall.ENETUNREACH, syscall.ENETDOWN:
		return kindNoRoute
	case wsaEADDRNOTAVAIL, wsaEAFNOSUPPORT, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT:
		return kindNoRoute // this machine has no address of that family
	case wsaETIMEDOUT, errSemTimeout, syscall.ETIMEDOUT:
		return kindTimeout
	case wsaEMFILE, wsaENOBUFS, wsaEADDRINUSE, errTooManyOpenFiles, errNotEnoughMemory, errNoSystemResources,
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRINUSE:
		return kindResource
	case wsaEMSGSIZE:
		return kindUnknown // the datagram is larger than the buffer
	case wsaEACCES, errAccessDenied, syscall.EACCES, syscall.EPERM:
		return kindDenied // usually by the Windows Filtering Platform
	}
	return kindSocket
}
