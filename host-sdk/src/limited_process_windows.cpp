#include <windows.h>

#include <psapi.h>

#include <algorithm>
#include <array>
#include <cwchar>
#include <memory>
#include <utility>

#include "crm/error.hpp"
#include "limited_process.hpp"
#include "windows_text.hpp"

namespace crm::detail {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t kMaxAnswer = std::size_t{64} * 1024;
constexpr auto kTick = 5ms;
// The system counts processor time in steps of up to 16 ms: what gets none for longer than this waits.
constexpr auto kAsleep = 100ms;

HANDLE handle_of(const Descriptor& descriptor) {
    return reinterpret_cast<HANDLE>(descriptor.get());
}

Descriptor owned(HANDLE handle) {
    return Descriptor(handle == nullptr ? kNoFile : reinterpret_cast<NativeFile>(handle));
}

[[noreturn]] void system_failure(const std::filesystem::path& program) {
    throw Error(CRM_INTERNAL, "starting " + program.string() + " failed: " + last_windows_reason());
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

// Passwords and database addresses of the host are nobody's affair there.
std::wstring bare_environment(const std::filesystem::path& folder, HANDLE answer) {
    std::wstring block;
    const auto add = [&block](const std::wstring& name, const std::wstring& value) {
        block += name + L"=" + value;
        block.push_back(L'\0');
    };
    add(kChildAnswerVariable, std::to_wstring(reinterpret_cast<std::uintptr_t>(answer)));
    for (const wchar_t* name : {L"PATH", L"SystemDrive", L"SystemRoot"}) {
        std::wstring value(32768, L'\0');
        value.resize(::GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size())));
        if (!value.empty()) add(name, value);
    }
    add(L"TEMP", folder.wstring());
    add(L"TMP", folder.wstring());
    add(L"USERPROFILE", folder.wstring());
    block.push_back(L'\0');
    return block;
}

// What the child may inherit: these two handles, and none of the host's own.
class Inheritance {
  public:
    Inheritance(HANDLE first, HANDLE second) : handles_{first, second} {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_ = std::make_unique<std::byte[]>(size);
        usable_ = ::InitializeProcThreadAttributeList(get(), 1, 0, &size) != 0 &&
                  ::UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                              sizeof handles_, nullptr, nullptr) != 0;
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
    std::array<HANDLE, 2> handles_;
    std::unique_ptr<std::byte[]> memory_;
    bool usable_ = false;
};

// A job ends with its last handle, and everything in it. The system keeps its limits when it can; watch()
// looks itself, because Wine does not.
Descriptor make_job(const ProcessLimits& limits) {
    Descriptor job = owned(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
    info.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_JOB_MEMORY |
                                            JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
                                            JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    info.BasicLimitInformation.ActiveProcessLimit = 1;
    info.JobMemoryLimit = static_cast<SIZE_T>(limits.commit);
    if (::SetInformationJobObject(handle_of(job), JobObjectExtendedLimitInformation, &info, sizeof info) ==
        0) {
        throw Error(CRM_INTERNAL, "limiting a process failed: " + last_windows_reason());
    }
    return job;
}

// Status codes of the class "error" are how Windows ends a process that crashed.
bool is_crash(DWORD status) {
    return (status & 0xC0000000U) == 0xC0000000U;
}

std::string crash_text(DWORD status) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "0x%08lX", status);
    switch (status) {
        case EXCEPTION_ACCESS_VIOLATION:
            return std::string(number.data()) + ", access violation";
        case EXCEPTION_STACK_OVERFLOW:
            return std::string(number.data()) + ", stack overflow";
        case EXCEPTION_ILLEGAL_INSTRUCTION:
            return std::string(number.data()) + ", illegal instruction";
        case EXCEPTION_INT_DIVIDE_BY_ZERO:
            return std::string(number.data()) + ", division by zero";
        default:
            return number.data();
    }
}

class Child {
  public:
    Child(Descriptor job, Descriptor process, Descriptor thread, Descriptor answer)
        : job_(std::move(job)),
          process_(std::move(process)),
          thread_(std::move(thread)),
          answer_(std::move(answer)) {}
    ~Child() { end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ProcessEnd watch(const ProcessLimits& limits) {
        const auto begin = Clock::now();
        auto last_computed = begin;
        auto computed = processor_time();
        while (true) {
            drain();
            const DWORD waited =
                ::WaitForSingleObject(handle_of(process_), static_cast<DWORD>(kTick.count()));
            if (waited == WAIT_OBJECT_0) return ended(limits);
            highest_ = std::max(highest_, memory());
            if (highest_ > limits.resident) return stop(ProcessEnd::Kind::kMemory);
            const auto now = Clock::now();
            const auto before = std::exchange(computed, processor_time());
            if (computed > limits.processor) return stop(ProcessEnd::Kind::kProcessor);
            if (computed > before) last_computed = now;
            // A machine under load must not make a good module look as if it hung: what still computes is
            // left to its limit of processor time.
            const bool sleeps = now - last_computed > kAsleep;
            if (now - begin > limits.last || (now - begin > limits.wall && sleeps)) {
                return stop(ProcessEnd::Kind::kTime);
            }
        }
    }

  private:
    void drain() {
        std::array<char, 4096> buffer;
        DWORD there = 0;
        while (::PeekNamedPipe(handle_of(answer_), nullptr, 0, nullptr, &there, nullptr) != 0 && there > 0) {
            DWORD got = 0;
            const DWORD wanted = std::min(there, static_cast<DWORD>(buffer.size()));
            if (::ReadFile(handle_of(answer_), buffer.data(), wanted, &got, nullptr) == 0) return;
            text_.append(buffer.data(), std::min(kMaxAnswer - text_.size(), std::size_t{got}));
        }
    }

    template <class Read>
    static std::chrono::nanoseconds time_of(Read read, const Descriptor& object) {
        FILETIME created{};
        FILETIME exited{};
        FILETIME kernel{};
        FILETIME user{};
        if (read(handle_of(object), &created, &exited, &kernel, &user) == 0) return {};
        const auto ticks = [](const FILETIME& time) {
            return (std::int64_t{time.dwHighDateTime} << 32) | std::int64_t{time.dwLowDateTime};
        };
        return std::chrono::nanoseconds(100 * (ticks(kernel) + ticks(user)));
    }

    // Wine knows it of another process's threads only, and the first one is what runs a module's functions.
    std::chrono::nanoseconds processor_time() const {
        return std::max(time_of(&::GetProcessTimes, process_), time_of(&::GetThreadTimes, thread_));
    }

    std::uint64_t memory() const {
        PROCESS_MEMORY_COUNTERS counters{};
        if (::GetProcessMemoryInfo(handle_of(process_), &counters, sizeof counters) == 0) return 0;
        return counters.WorkingSetSize;
    }

    ProcessEnd ended(const ProcessLimits& limits) {
        DWORD status = 0;
        ::GetExitCodeProcess(handle_of(process_), &status);
        end();
        drain();
        if (!is_crash(status)) {
            return {ProcessEnd::Kind::kExited, static_cast<int>(status), {}, text_};
        }
        // Memory refused by the job's limit ends in a crash sooner or later.
        const bool large = highest_ > limits.resident / 4 * 3;
        return {large ? ProcessEnd::Kind::kMemory : ProcessEnd::Kind::kCrashed, 0, crash_text(status), text_};
    }

    ProcessEnd stop(ProcessEnd::Kind kind) {
        end();
        drain();
        return {kind, 0, {}, text_};
    }

    void end() {
        ::TerminateJobObject(handle_of(job_), 1);
        ::WaitForSingleObject(handle_of(process_), INFINITE);
    }

    Descriptor job_;
    Descriptor process_;
    Descriptor thread_;
    Descriptor answer_;
    std::string text_;
    std::uint64_t highest_ = 0;
};

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;
};

Pipe make_pipe(const std::filesystem::path& program) {
    SECURITY_ATTRIBUTES inherited{
        .nLength = sizeof inherited, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
    HANDLE read_end = nullptr;
    HANDLE write_end = nullptr;
    if (::CreatePipe(&read_end, &write_end, &inherited, 0) == 0) system_failure(program);
    Pipe pipe{owned(read_end), owned(write_end)};
    ::SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, 0);
    return pipe;
}

Descriptor open_nothing(const std::filesystem::path& program) {
    SECURITY_ATTRIBUTES inherited{
        .nLength = sizeof inherited, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
    Descriptor nothing =
        owned(::CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                            &inherited, OPEN_EXISTING, 0, nullptr));
    if (nothing.get() == kNoFile) system_failure(program);
    return nothing;
}

}  // namespace

// The file itself, which its SealedFile keeps as it is.
std::filesystem::path path_in_child(const SealedFile& library) {
    return library.path();
}

ProcessEnd run_limited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       const SealedFile&, const std::filesystem::path& folder, const ProcessLimits& limits) {
    Pipe answer = make_pipe(program);
    const Descriptor nothing = open_nothing(program);
    const Inheritance inheritance(handle_of(answer.write_end), handle_of(nothing));
    STARTUPINFOEXW start{};
    start.StartupInfo.cb = sizeof start;
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = handle_of(nothing);
    start.StartupInfo.hStdOutput = handle_of(nothing);
    start.StartupInfo.hStdError = handle_of(nothing);
    start.lpAttributeList = inheritance.get();
    std::wstring line = command_line(program, arguments);
    std::wstring environment = bare_environment(folder, handle_of(answer.write_end));
    Descriptor job = make_job(limits);
    PROCESS_INFORMATION made{};
    constexpr DWORD kFlags =
        CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
    if (!inheritance.usable() ||
        ::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, kFlags, environment.data(),
                         folder.c_str(), &start.StartupInfo, &made) == 0) {
        system_failure(program);
    }
    Descriptor process = owned(made.hProcess);
    Descriptor thread = owned(made.hThread);
    answer.write_end = Descriptor();
    // Before its first instruction, so that nothing it starts is left out.
    if (::AssignProcessToJobObject(handle_of(job), made.hProcess) == 0) {
        ::TerminateProcess(made.hProcess, 1);
        system_failure(program);
    }
    ::ResumeThread(made.hThread);
    return Child(std::move(job), std::move(process), std::move(thread), std::move(answer.read_end))
        .watch(limits);
}

}  // namespace crm::detail
