#include "plugins/quarantine.hpp"

#include <sys/stat.h>

#include "plugins/crash_record.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

// So many ends that nobody saw in a row are no accident.
constexpr int kMaxUnseenEnds = 3;

bool counts(const CrashRecord& record) {
    if (record.how != kUnseen) return true;
    if (record.phase == "run" || record.phase == "stop") return false;
    return record.ends >= kMaxUnseenEnds || (!record.boot.empty() && record.boot == boot_id());
}

}  // namespace

std::filesystem::path Quarantine::mark(const std::string& id) const {
    return folder_ / id;
}

std::optional<Quarantine::Case> Quarantine::find(const std::string& id) const {
    const auto record = read_crash_record(mark(id));
    if (!record || !counts(*record)) return std::nullopt;
    struct stat info {};
    ::stat(mark(id).c_str(), &info);
    return Case{record->phase, record->how,
                std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000};
}

bool Quarantine::release(const std::string& id) {
    const bool was = find(id).has_value();
    std::filesystem::remove(mark(id));
    return was;
}

std::filesystem::path quarantine_folder(const std::filesystem::path& data) {
    return data / "quarantine";
}

std::string describe(const Quarantine::Case& found) {
    const std::string doing = found.phase == "load"     ? "being loaded"
                              : found.phase == "create" ? "making its instance"
                              : found.phase == "run"    ? "working for the first time"
                              : found.phase == "stop"   ? "stopping"
                                                        : "describing itself";
    const std::string how = found.how == "exit"    ? "it ended the process"
                            : found.how == kHung   ? "it hung until the host was told to end"
                            : found.how == kUnseen ? "nobody saw how the host ended"
                                                   : found.how;
    return "This module took the host down while it was " + doing + " (" + how + ", " + to_rfc3339(found.at) +
           "). It is not loaded until you release it.";
}

}  // namespace crm::sample
