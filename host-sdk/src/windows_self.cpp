#include "windows_self.hpp"

#include <windows.h>

namespace crm::detail {
namespace {

LONG WINAPI end_at_once(EXCEPTION_POINTERS* crash) {
    ::TerminateProcess(::GetCurrentProcess(), crash->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

}  // namespace

void crash_quietly() noexcept {
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    ::SetUnhandledExceptionFilter(end_at_once);
}

void leave_at_once() noexcept {
    ::TerminateProcess(::GetCurrentProcess(), 0);
    for (;;) ::Sleep(INFINITE);
}

}  // namespace crm::detail
