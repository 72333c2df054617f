#include "process_state.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "process_list.hpp"

namespace crm::validator {
namespace {

std::size_t entries(const char* folder) {
    const std::filesystem::directory_iterator begin(folder);
    return static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator()));
}

}  // namespace

std::size_t thread_count() {
    return entries("/proc/self/task");
}

std::size_t open_descriptors() {
    return entries("/proc/self/fd");
}

std::vector<std::string> files_open_for_writing() {
    namespace fs = std::filesystem;
    std::vector<std::string> paths;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const std::string path = fs::read_symlink(entry.path(), gone).string();
        const int flags = ::fcntl(std::stoi(entry.path().filename().string()), F_GETFL);
        struct stat info {};
        if (gone || flags < 0 || (flags & O_ACCMODE) == O_RDONLY || ::stat(entry.path().c_str(), &info) != 0)
            continue;
        if (S_ISREG(info.st_mode) && !path.starts_with("/memfd:")) paths.push_back(path);
    }
    return paths;
}

std::size_t resident_bytes() {
    std::ifstream in("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    in >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t allocated_bytes() {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

void adopt_orphans() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::size_t child_processes() {
    return detail::children_of(::getpid()).size();
}

std::uint64_t written_output() {
    std::fflush(nullptr);
    struct stat info {};
    return ::fstat(STDOUT_FILENO, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::string unusable_folder() {
    return "/proc/self";
}

std::string working_directory() {
    return std::filesystem::current_path().string();
}

std::vector<std::string> environment() {
    std::vector<std::string> all;
    for (char** item = environ; *item != nullptr; ++item) all.emplace_back(*item);
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::string> signal_handlers() {
    std::vector<std::string> changed;
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_DFL) continue;
        char line[64];
        std::snprintf(line, sizeof line, "signal %d -> %llx", signal,
                      static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(action.sa_handler)));
        changed.emplace_back(line);
    }
    return changed;
}

unsigned file_mask() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return mask;
}

std::string locale_name() {
    const char* const name = std::setlocale(LC_ALL, nullptr);
    return name == nullptr ? "" : name;
}

}  // namespace crm::validator
