// How a program that runs somebody's module as a child ends on Windows.
#pragma once

namespace crm::detail {

// A crash ends this process with the crash's status, and asks nobody what to do about it.
void crash_quietly() noexcept;

// Without exit handlers, and without telling the libraries that are loaded.
[[noreturn]] void leave_at_once() noexcept;

}  // namespace crm::detail
