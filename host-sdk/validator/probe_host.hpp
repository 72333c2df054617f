// A host that watches: it offers every service, remembers what the module asked and from which thread, and
// can be made to fail in any way a host can.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crm/abi.h"

namespace crm::validator {

// Marks the calling thread as one on which the host calls the module, as long as the object lives.
class InsideCall {
  public:
    explicit InsideCall(bool run_due = false) noexcept;
    ~InsideCall();
    InsideCall(const InsideCall&) = delete;
    InsideCall& operator=(const InsideCall&) = delete;

  private:
    bool run_due_;
};

crm_result write_to(const crm_sink* sink, std::string_view text) noexcept;

class ProbeHost {
  public:
    // `folder` is what the files service answers.
    explicit ProbeHost(std::filesystem::path folder);
    ProbeHost(const ProbeHost&) = delete;
    ProbeHost& operator=(const ProbeHost&) = delete;

    // The tables as the module sees them. A check may shorten them, or take members away, before create.
    crm_host table;
    crm_log log;
    crm_clock clock;
    crm_settings settings;
    crm_records records;
    crm_keys keys;
    crm_files files;
    crm_notify notify;
    crm_wake wake;
    crm_threads threads;

    std::set<std::string, std::less<>> withheld;                           // services that query answers NULL
    std::function<const void*(std::string_view, const void*)> substitute;  // what query answers instead

    // Instead of the normal behaviour of one service, unless it answers nothing; arguments as in abi.h.
    using Answer = std::function<std::optional<crm_result>(std::string_view given, const crm_sink* result,
                                                           const crm_sink* error)>;
    Answer on_settings_get, on_settings_put, on_records_query, on_records_upsert, on_wrap, on_unwrap,
        on_directory;
    std::function<std::int64_t()> on_now;

    // What was seen. Read it when no call is going on.
    struct Seen {
        std::vector<std::string> foreign_threads;  // services called from a thread without a host's call
        std::vector<std::string> outside_run;      // records called outside run_due
        std::vector<std::pair<std::uint32_t, std::string>> lines;
        std::vector<std::string> notices;
        std::vector<std::string> puts;
        std::vector<std::string> queries;
        std::vector<std::string> upserts;
        std::size_t calls = 0;
        std::size_t gets = 0;
        std::size_t wraps = 0;
        std::size_t unwraps = 0;
        std::size_t directories = 0;
        std::size_t times = 0;
    };
    Seen seen() const;
    std::string stored_settings() const;
    void store_settings(std::string text);

  private:
    struct Thunks;
    friend struct Thunks;

    static std::optional<crm_result> answered(const Answer& answer, std::string_view given,
                                              const crm_sink* result, const crm_sink* error);

    std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::string stored_ = "{}";
    Seen seen_;
};

}  // namespace crm::validator
