package probe

import "syscall"

// The error numbers of Winsock, and those of the system for the same failures
// of overlapped calls.
const (
	errTooManyOpenFiles    syscall.Errno = 4
	errAccessDenied        syscall.Errno = 5
	errNotEnoughMemory     syscall.Errno = 8
	errRemoteNotListening  syscall.Errno = 51
	errDuplicateName       syscall.Errno = 52
	errBadNetworkPath      syscall.Errno = 53
	errNetworkBusy         syscall.Errno = 54
	errUnexpectedNetwork   syscall.Errno = 59
	errNetnameDeleted      syscall.Errno = 64
	errNetworkAccessDenied syscall.Errno = 65
	errTooManyNames        syscall.Errno = 68
	errSemTimeout          syscall.Errno = 121
	errMoreData            syscall.Errno = 234
	errCircuitClosed       syscall.Errno = 240
	errWaitTimeout         syscall.Errno = 258
	errOperationAborted    syscall.Errno = 995
	errInvalidNetname      syscall.Errno = 1214
	errConnectionRefused   syscall.Errno = 1225
	errGracefulDisconnect  syscall.Errno = 1226
	errConnectionInvalid   syscall.Errno = 1229
	errNetworkUnreachable  syscall.Errno = 1231
	errHostUnreachable     syscall.Errno = 1232
	errProtUnreachable     syscall.Errno = 1233
	errPortUnreachable     syscall.Errno = 1234
	errConnectionAborted   syscall.Errno = 1236
	errHostDown            syscall.Errno = 1256
	errNoSystemResources   syscall.Errno = 1450
	errWorkingSetQuota     syscall.Errno = 1453
	errPagefileQuota       syscall.Errno = 1454
	errCommitmentLimit     syscall.Errno = 1455
	errNotEnoughQuota      syscall.Errno = 1816
	wsaEINTR               syscall.Errno = 10004
	wsaEACCES              syscall.Errno = 10013
	wsaEMFILE              syscall.Errno = 10024
	wsaEWOULDBLOCK         syscall.Errno = 10035
	wsaEMSGSIZE            syscall.Errno = 10040
	wsaEPFNOSUPPORT        syscall.Errno = 10046
	wsaEAFNOSUPPORT        syscall.Errno = 10047
	wsaEADDRINUSE          syscall.Errno = 10048
	wsaEADDRNOTAVAIL       syscall.Errno = 10049
	wsaENETDOWN            syscall.Errno = 10050
	wsaENETUNREACH         syscall.Errno = 10051
	wsaENETRESET           syscall.Errno = 10052
	wsaECONNABORTED        syscall.Errno = 10053
	wsaECONNRESET          syscall.Errno = 10054
	wsaENOBUFS             syscall.Errno = 10055
	wsaENOTCONN            syscall.Errno = 10057
	wsaESHUTDOWN           syscall.Errno = 10058
	wsaETIMEDOUT           syscall.Errno = 10060
	wsaECONNREFUSED        syscall.Errno = 10061
	wsaEHOSTDOWN           syscall.Errno = 10064
	wsaEHOSTUNREACH        syscall.Errno = 10065
	wsaEDISCON             syscall.Errno = 10101
)

// kindOfWinsock returns the kind of a Windows error number. Those that a network
// or a lack of something can cause are listed; any other is kindSocket, this
// machine's fault. It is part of every build, so that every system tests it.
func kindOfWinsock(e syscall.Errno) kind {
	switch e {
	case wsaECONNREFUSED, errConnectionRefused, errPortUnreachable, errRemoteNotListening:
		return kindRefused
	case wsaECONNRESET, wsaENETRESET, wsaECONNABORTED, wsaENOTCONN, wsaESHUTDOWN, wsaEINTR, errNetnameDeleted, errConnectionAborted,
		errConnectionInvalid, errCircuitClosed, errGracefulDisconnect, errOperationAborted:
		return kindReset
	case wsaEDISCON:
		return kindClosed
	case wsaEHOSTUNREACH, wsaEHOSTDOWN, errHostUnreachable, errHostDown, errProtUnreachable:
		return kindUnreachable
	case wsaENETUNREACH, wsaENETDOWN, errNetworkUnreachable, errBadNetworkPath, errNetworkBusy:
		return kindNoRoute
	case wsaEADDRNOTAVAIL, wsaEAFNOSUPPORT, wsaEPFNOSUPPORT, errInvalidNetname:
		return kindNoRoute // this machine has no address of that family
	case wsaETIMEDOUT, errSemTimeout, errWaitTimeout:
		return kindTimeout
	case wsaEMFILE, wsaENOBUFS, wsaEADDRINUSE, errTooManyOpenFiles, errDuplicateName, errTooManyNames:
		return kindResource // sockets or ports
	case wsaEWOULDBLOCK, errNotEnoughMemory, errNoSystemResources, errWorkingSetQuota, errPagefileQuota, errCommitmentLimit, errNotEnoughQuota:
		return kindResource // memory, or room for another overlapped call
	case wsaEMSGSIZE, errMoreData:
		return kindUnknown // the datagram is larger than the buffer
	case errUnexpectedNetwork:
		return kindUnknown // a link that failed, or an address that is not valid
	case wsaEACCES, errAccessDenied, errNetworkAccessDenied:
		return kindDenied // usually by the Windows Filtering Platform
	}
	return kindSocket
}
