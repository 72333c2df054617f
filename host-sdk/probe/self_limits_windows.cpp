#include <windows.h>

#include <cwchar>

#include "limited_process.hpp"
#include "self_limits.hpp"

namespace crm::probe {
namespace {

// The handle that the parent named in the environment.
HANDLE answer() noexcept {
    static const HANDLE handle = [] {
        wchar_t text[32];
        const DWORD length = ::GetEnvironmentVariableW(detail::kChildAnswerVariable, text, 32);
        const bool there = length > 0 && length < 32;
        return reinterpret_cast<HANDLE>(there ? std::wcstoull(text, nullptr, 10) : 0);
    }();
    return handle;
}

LONG WINAPI end_at_once(EXCEPTION_POINTERS* crash) {
    ::TerminateProcess(::GetCurrentProcess(), crash->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

}  // namespace

// The parent's job limits memory and processor time and ends this process with it. Left is to keep a crash
// from asking somebody what to do about it.
void limit_self(std::uint64_t, std::chrono::seconds) {
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    ::SetUnhandledExceptionFilter(end_at_once);
    answer();
}

void tell(std::string_view line) noexcept {
    DWORD written = 0;
    ::WriteFile(answer(), line.data(), static_cast<DWORD>(line.size()), &written, nullptr);
}

void leave() noexcept {
    ::TerminateProcess(::GetCurrentProcess(), 0);
    for (;;) ::Sleep(INFINITE);
}

}  // namespace crm::probe
