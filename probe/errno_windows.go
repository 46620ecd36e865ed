package probe

import "syscall"

// Windows reports numbers of its own, of Winsock and of the system. The
// constants of package syscall that are named as on Unix are invented on
// Windows and never come from the system; they are in the table for networks
// that are simulated, which use them everywhere.
const (
	errTooManyOpenFiles   syscall.Errno = 4
	errNotEnoughMemory    syscall.Errno = 8
	errNetnameDeleted     syscall.Errno = 64
	errSemTimeout         syscall.Errno = 121
	errConnectionRefused  syscall.Errno = 1225
	errNetworkUnreachable syscall.Errno = 1231
	errHostUnreachable    syscall.Errno = 1232
	errPortUnreachable    syscall.Errno = 1234
	errConnectionAborted  syscall.Errno = 1236
	errNoSystemResources  syscall.Errno = 1450
	wsaEACCES             syscall.Errno = 10013
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
	wsaESHUTDOWN          syscall.Errno = 10058
	wsaETIMEDOUT          syscall.Errno = 10060
	wsaECONNREFUSED       syscall.Errno = 10061
	wsaEHOSTDOWN          syscall.Errno = 10064
	wsaEHOSTUNREACH       syscall.Errno = 10065
)

// kindOfErrno says what an error number of Windows means.
func kindOfErrno(e syscall.Errno) kind {
	switch e {
	case wsaECONNREFUSED, errConnectionRefused, errPortUnreachable, syscall.ECONNREFUSED:
		return kindRefused
	case wsaECONNRESET, wsaENETRESET, wsaECONNABORTED, wsaESHUTDOWN, errNetnameDeleted, errConnectionAborted,
		syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE:
		return kindReset
	case wsaEHOSTUNREACH, wsaEHOSTDOWN, errHostUnreachable, syscall.EHOSTUNREACH, syscall.EHOSTDOWN:
		return kindUnreachable
	case wsaENETUNREACH, wsaENETDOWN, errNetworkUnreachable, syscall.ENETUNREACH, syscall.ENETDOWN:
		return kindNoRoute
	case wsaEADDRNOTAVAIL, wsaEAFNOSUPPORT, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT:
		return kindNoRoute // there is no address of that family here
	case wsaETIMEDOUT, errSemTimeout, syscall.ETIMEDOUT:
		return kindTimeout
	case wsaEMFILE, wsaENOBUFS, wsaEADDRINUSE, errTooManyOpenFiles, errNotEnoughMemory, errNoSystemResources,
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRINUSE:
		return kindResource
	case wsaEACCES, syscall.EACCES, syscall.EPERM:
		return kindDenied // as a rule by the Windows Filtering Platform
	}
	return kindUnknown
}
