// A child process on Windows: in a job, which ends with everything in it.
#pragma once

#include <windows.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sealed_file.hpp"

namespace crm::detail {

inline HANDLE handle_of(const Descriptor& descriptor) {
    return reinterpret_cast<HANDLE>(descriptor.get());
}
// Of a call that answers NULL when it failed, or INVALID_HANDLE_VALUE.
Descriptor owned(HANDLE handle);

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;  // the child's, to be inherited
};
// Both throw crm::Error(CRM_INTERNAL).
Pipe make_answer_pipe();
// For a standard stream that leads nowhere.
Descriptor open_nothing();

// The variables a process starts with, as Windows wants them.
class Environment {
  public:
    void add(std::wstring_view name, std::wstring_view value);
    // What this process has under that name, if anything.
    void add_own(const wchar_t* name);
    // All that this process has but for `except`.
    void add_all_own_but(const std::vector<std::wstring>& except);
    // Names the handle that the child writes its answer to, for its answer_handle.
    void add_answer(HANDLE answer);
    std::wstring block() const { return variables_ + L'\0'; }

  private:
    std::wstring variables_;
};
// In a child: the handle that its parent's add_answer named. The first call takes the name out of the
// environment, where a module would find it.
HANDLE answer_handle() noexcept;

struct JobStart {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    Environment environment;
    std::filesystem::path folder;
    HANDLE input;
    HANDLE output;             // and error
    HANDLE answer;             // inherited, too
    std::uint64_t memory = 0;  // of all in the job
    bool alone = false;        // may start no other process
};

class JobProcess {
  public:
    // Throws crm::Error(CRM_INTERNAL) when it could not be started.
    explicit JobProcess(const JobStart& start);
    ~JobProcess() { end(); }
    JobProcess(const JobProcess&) = delete;
    JobProcess& operator=(const JobProcess&) = delete;

    bool ended_within(std::chrono::milliseconds time) const;
    // Once it has ended.
    DWORD status() const;
    // Of its first thread, which is what runs a module's functions: asked for another process' time on the
    // whole, Wine answers the caller's own.
    std::chrono::nanoseconds processor_time() const;
    std::uint64_t resident() const;
    // With everything it started; returns when it is over.
    void end() const noexcept;

  private:
    Descriptor job_;
    Descriptor process_;
    Descriptor thread_;
};

// What there is in it by now, without waiting; at most `room` bytes are kept.
std::string read_available(const Descriptor& pipe, std::size_t room);

// Whether a process that ended with this status crashed, and what that is called.
bool is_crash(DWORD status) noexcept;
std::string crash_text(DWORD status);

}  // namespace crm::detail
