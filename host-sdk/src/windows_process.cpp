#include "windows_process.hpp"

#include <psapi.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cwchar>
#include <memory>

#include "crm/error.hpp"
#include "windows_text.hpp"

namespace crm::detail {
namespace {

constexpr const wchar_t* kAnswerVariable = L"CRM_ANSWER_HANDLE";

[[noreturn]] void system_failure(const std::string& what) {
    throw Error(CRM_INTERNAL, what + " failed: expected that the host may do so; found: " +
                                  last_windows_reason() + ". Check the host's rights and limits");
}

SECURITY_ATTRIBUTES inheritable() {
    SECURITY_ATTRIBUTES attributes{};
    attributes.nLength = sizeof attributes;
    attributes.bInheritHandle = TRUE;
    return attributes;
}

// As CommandLineToArgvW takes it apart again.
std::wstring quoted(const std::wstring& word) {
    std::wstring out = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t c : word) {
        if (c == L'"') out.append(backslashes + 1, L'\\');
        backslashes = c == L'\\' ? backslashes + 1 : 0;
        out.push_back(c);
    }
    out.append(backslashes, L'\\');
    return out + L"\"";
}

std::wstring command_line(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::wstring line = quoted(program.wstring());
    for (const std::string& argument : arguments) {
        line += L" " + quoted(std::filesystem::path(argument).wstring());
    }
    return line;
}

// What the child may inherit: these handles, and none of the host's own.
class Inheritance {
  public:
    explicit Inheritance(std::vector<HANDLE> handles) : handles_(std::move(handles)) {
        // The system refuses a list that names one twice.
        std::ranges::sort(handles_);
        const auto repeated = std::ranges::unique(handles_);
        handles_.erase(repeated.begin(), repeated.end());
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_ = std::make_unique<std::byte[]>(size);
        usable_ = ::InitializeProcThreadAttributeList(get(), 1, 0, &size) != 0 &&
                  ::UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                              handles_.size() * sizeof(HANDLE), nullptr, nullptr) != 0;
    }
    ~Inheritance() {
        if (usable_) ::DeleteProcThreadAttributeList(get());
    }
    Inheritance(const Inheritance&) = delete;
    Inheritance& operator=(const Inheritance&) = delete;

    bool usable() const { return usable_; }
    LPPROC_THREAD_ATTRIBUTE_LIST get() const {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.get());
    }

  private:
    std::vector<HANDLE> handles_;
    std::unique_ptr<std::byte[]> memory_;
    bool usable_ = false;
};

// Windows keeps these limits. Wine knows the first two flags only, so that whoever needs the others watches.
Descriptor make_job(const JobStart& start) {
    Descriptor job = owned(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
    DWORD& flags = info.BasicLimitInformation.LimitFlags;
    flags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    if (start.memory > 0) {
        flags |= JOB_OBJECT_LIMIT_JOB_MEMORY;
        info.JobMemoryLimit = static_cast<SIZE_T>(start.memory);
    }
    if (start.alone) {
        flags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        info.BasicLimitInformation.ActiveProcessLimit = 1;
    }
    if (::SetInformationJobObject(handle_of(job), JobObjectExtendedLimitInformation, &info, sizeof info) ==
        0) {
        system_failure("limiting a process");
    }
    return job;
}

}  // namespace

Descriptor owned(HANDLE handle) {
    return Descriptor(handle == nullptr ? kNoFile : reinterpret_cast<NativeFile>(handle));
}

Pipe make_answer_pipe() {
    SECURITY_ATTRIBUTES attributes = inheritable();
    HANDLE read_end = nullptr;
    HANDLE write_end = nullptr;
    if (::CreatePipe(&read_end, &write_end, &attributes, 0) == 0) system_failure("making a pipe");
    Pipe pipe{owned(read_end), owned(write_end)};
    ::SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, 0);
    return pipe;
}

Descriptor open_nothing() {
    SECURITY_ATTRIBUTES attributes = inheritable();
    Descriptor nothing =
        owned(::CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                            &attributes, OPEN_EXISTING, 0, nullptr));
    if (nothing.get() == kNoFile) system_failure("opening NUL");
    return nothing;
}

void Environment::add(std::wstring_view name, std::wstring_view value) {
    variables_.append(name).append(L"=").append(value).push_back(L'\0');
}

void Environment::add_own(const wchar_t* name) {
    std::wstring value(32768, L'\0');
    value.resize(::GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size())));
    if (!value.empty()) add(name, value);
}

void Environment::add_all_own_but(const std::vector<std::wstring>& except) {
    wchar_t* const all = ::GetEnvironmentStringsW();
    for (const wchar_t* item = all; item != nullptr && *item != L'\0'; item += std::wcslen(item) + 1) {
        const std::wstring_view text(item);
        const std::wstring name(text.substr(0, text.find(L'=', 1)));
        if (std::ranges::find(except, name) == except.end()) variables_.append(text).push_back(L'\0');
    }
    ::FreeEnvironmentStringsW(all);
}

void Environment::add_answer(HANDLE answer) {
    add(kAnswerVariable, std::to_wstring(reinterpret_cast<std::uintptr_t>(answer)));
}

HANDLE answer_handle() noexcept {
    static const HANDLE handle = [] {
        wchar_t text[32];
        const DWORD length = ::GetEnvironmentVariableW(kAnswerVariable, text, 32);
        const bool there = length > 0 && length < 32;
        ::SetEnvironmentVariableW(kAnswerVariable, nullptr);
        return reinterpret_cast<HANDLE>(there ? std::wcstoull(text, nullptr, 10) : 0);
    }();
    return handle;
}

JobProcess::JobProcess(const JobStart& start) : job_(make_job(start)) {
    const Inheritance inheritance({start.input, start.output, start.answer});
    STARTUPINFOEXW info{};
    info.StartupInfo.cb = sizeof info;
    info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    info.StartupInfo.hStdInput = start.input;
    info.StartupInfo.hStdOutput = start.output;
    info.StartupInfo.hStdError = start.output;
    info.lpAttributeList = inheritance.get();
    std::wstring line = command_line(start.program, start.arguments);
    std::wstring environment = start.environment.block();
    PROCESS_INFORMATION made{};
    constexpr DWORD kFlags =
        CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
    const auto create = [&] {
        return inheritance.usable() &&
               ::CreateProcessW(start.program.c_str(), line.data(), nullptr, nullptr, TRUE, kFlags,
                                environment.data(), start.folder.c_str(), &info.StartupInfo, &made) != 0;
    };
    bool created = create();
    // Wine's answer when a new process ends before its first instruction, which it does now and then on a
    // busy machine.
    for (int again = 0; !created && ::GetLastError() == ERROR_INTERNAL_ERROR && again < 3; ++again) {
        created = create();
    }
    if (!created) system_failure("starting " + start.program.string());
    process_ = owned(made.hProcess);
    thread_ = owned(made.hThread);
    // Before its first instruction, so that nothing it starts is left out.
    if (::AssignProcessToJobObject(handle_of(job_), made.hProcess) == 0) {
        ::TerminateProcess(made.hProcess, 1);
        system_failure("putting " + start.program.string() + " into a job");
    }
    ::ResumeThread(made.hThread);
}

bool JobProcess::ended_within(std::chrono::milliseconds time) const {
    return ::WaitForSingleObject(handle_of(process_), static_cast<DWORD>(time.count())) == WAIT_OBJECT_0;
}

DWORD JobProcess::status() const {
    DWORD status = 0;
    ::GetExitCodeProcess(handle_of(process_), &status);
    return status;
}

std::chrono::nanoseconds JobProcess::processor_time() const {
    FILETIME created{};
    FILETIME exited{};
    FILETIME kernel{};
    FILETIME user{};
    if (::GetThreadTimes(handle_of(thread_), &created, &exited, &kernel, &user) == 0) return {};
    const auto ticks = [](const FILETIME& time) {
        return (std::int64_t{time.dwHighDateTime} << 32) | std::int64_t{time.dwLowDateTime};
    };
    return std::chrono::nanoseconds(100 * (ticks(kernel) + ticks(user)));
}

std::uint64_t JobProcess::resident() const {
    PROCESS_MEMORY_COUNTERS counters{};
    if (::GetProcessMemoryInfo(handle_of(process_), &counters, sizeof counters) == 0) return 0;
    return counters.WorkingSetSize;
}

void JobProcess::end() const noexcept {
    ::TerminateJobObject(handle_of(job_), 1);
    ::WaitForSingleObject(handle_of(process_), INFINITE);
}

std::string read_available(const Descriptor& pipe, std::size_t room) {
    std::string text;
    std::array<char, 4096> buffer;
    DWORD there = 0;
    while (::PeekNamedPipe(handle_of(pipe), nullptr, 0, nullptr, &there, nullptr) != 0 && there > 0) {
        DWORD got = 0;
        const DWORD wanted = std::min(there, static_cast<DWORD>(buffer.size()));
        if (::ReadFile(handle_of(pipe), buffer.data(), wanted, &got, nullptr) == 0) break;
        text.append(buffer.data(), std::min(room - text.size(), std::size_t{got}));
    }
    return text;
}

// Status codes of the class "error" are how Windows ends a process that crashed.
bool is_crash(DWORD status) noexcept {
    return (status & 0xC0000000U) == 0xC0000000U;
}

std::string crash_text(DWORD status) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "0x%08lX", status);
    const std::string text = number.data();
    switch (status) {
        case EXCEPTION_ACCESS_VIOLATION:
            return text + ", access violation";
        case EXCEPTION_STACK_OVERFLOW:
            return text + ", stack overflow";
        case EXCEPTION_ILLEGAL_INSTRUCTION:
            return text + ", illegal instruction";
        case EXCEPTION_INT_DIVIDE_BY_ZERO:
            return text + ", division by zero";
        default:
            return text;
    }
}

}  // namespace crm::detail
