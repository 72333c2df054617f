#include "process_list.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <system_error>

#include "sealed_file.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

// "" also when the process ends meanwhile, which a stream would throw at.
std::string read(const fs::path& file) {
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    std::array<char, 4096> buffer;
    ssize_t got = 0;
    while (opened.get() >= 0 && (got = ::read(opened.get(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

std::string folder_of(pid_t process) {
    return "/proc/" + std::to_string(process);
}

std::vector<pid_t> all_processes() {
    std::vector<pid_t> all;
    std::error_code failed;
    for (fs::directory_iterator it("/proc", failed), end; !failed && it != end; it.increment(failed)) {
        const std::string name = it->path().filename().string();
        pid_t process = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), process);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) all.push_back(process);
    }
    return all;
}

}  // namespace

std::optional<ProcessUsage> usage_of(pid_t process) {
    const std::string stat = read(folder_of(process) + "/stat");
    // The name in brackets may hold anything.
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields(stat.substr(name_end + 1));
    ProcessUsage usage{};
    fields >> usage.state >> usage.parent;
    const auto skip = [&](int count) {
        for (std::string ignored; count > 0; --count) fields >> ignored;
    };
    skip(9);
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    fields >> user >> system;
    skip(4);
    std::uint64_t pages = 0;
    fields >> usage.threads;
    skip(3);
    fields >> pages;
    if (!fields) return std::nullopt;
    usage.processor = std::chrono::milliseconds((user + system) * 1000 /
                                                static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
    usage.resident = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::istringstream scheduled(read(folder_of(process) + "/schedstat"));
    std::uint64_t ran = 0;
    std::uint64_t queued = 0;
    scheduled >> ran >> queued;
    usage.queued = std::chrono::milliseconds(queued / 1'000'000);
    return usage;
}

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const pid_t process : all_processes()) {
        const auto usage = usage_of(process);
        if (usage && usage->parent == parent && usage->runs()) children.push_back(process);
    }
    return children;
}

std::vector<pid_t> processes_started_with(const std::string& variable) {
    const std::string wanted = '\0' + variable + '\0';
    std::vector<pid_t> found;
    for (const pid_t process : all_processes()) {
        const std::string environment = '\0' + read(folder_of(process) + "/environ");
        if (process != ::getpid() && environment.find(wanted) != std::string::npos) found.push_back(process);
    }
    return found;
}

}  // namespace crm::detail
