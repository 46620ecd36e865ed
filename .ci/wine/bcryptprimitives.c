/*
 * Wine 8 has no bcryptprimitives.dll. Go's runtime takes this one function from
 * it. SystemFunction036 is RtlGenRandom.
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{
	return SystemFunction036(buffer, (ULONG)size);
}
