// The process of one check: this very program again, in a folder of its own, ended with everything it
// started. check_process_posix.cpp and check_process_windows.cpp; each also holds the side of the child.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crm::validator {

class CheckProcess {
  public:
    // Its working directory, home and temporary folder are in `scratch`.
    // Throws crm::Error(CRM_INTERNAL) when it can't be started.
    CheckProcess(const std::vector<std::string>& arguments, const std::filesystem::path& scratch);
    ~CheckProcess();
    CheckProcess(const CheckProcess&) = delete;
    CheckProcess& operator=(const CheckProcess&) = delete;

    struct End {
        int status = 0;
        std::string harm;  // what the module did to it, when it did not end by itself
    };
    // Once it has ended.
    std::optional<End> ended();
    void end();

    // What it reported so far.
    const std::string& answer();
    // The end of what it printed.
    std::string last_output() const;
    std::uint64_t resident() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// In the child, before it touches a module: at most `memory` bytes, no files beyond all measure, and no life
// without its parent, after which `scratch` is removed.
void limit_this_process(std::uint64_t memory, const std::filesystem::path& scratch);
// In the child, at its end: hands `answer` to the parent and leaves without the module's exit handlers, whose
// trouble would be nobody's.
[[noreturn]] void answer_and_leave(const std::string& answer);

}  // namespace crm::validator
