#include "host_tables.hpp"

#include <array>
#include <chrono>
#include <utility>

#include "crm/detail/guard.hpp"

namespace crm::detail {
namespace {

IHost& host_of(void* ctx) {
    return *static_cast<IHost*>(ctx);
}

void write_log(void* ctx, std::uint32_t level, const char* text, std::uint64_t size) noexcept {
    const auto known = level <= static_cast<std::uint32_t>(LogLevel::kError) ? static_cast<LogLevel>(level)
                                                                             : LogLevel::kError;
    host_of(ctx).log(known, view_of(text, size));
}

// A clock has no way to say that it failed. A host whose clock throws still gets a time: the system's.
template <class Clock, class Read>
std::int64_t read_clock(IHost& host, Read read) noexcept {
    std::int64_t now = 0;
    if (guard(nullptr, [&] { now = (host.*read)(); }) == CRM_OK) return now;
    host.log(LogLevel::kError, "the host's clock failed; the system's was used");
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

std::int64_t now_us(void* ctx) noexcept {
    return read_clock<std::chrono::system_clock>(host_of(ctx), &IHost::now);
}
std::int64_t monotonic_us(void* ctx) noexcept {
    return read_clock<std::chrono::steady_clock>(host_of(ctx), &IHost::monotonic);
}

crm_result get_settings(void* ctx, const crm_sink* json, const crm_sink* error) noexcept {
    return guard(error, [&] { emit(json, host_of(ctx).settings()); });
}
crm_result put_settings(void* ctx, const char* json, std::uint64_t size, const crm_sink* error) noexcept {
    return guard(error, [&] { host_of(ctx).put_settings(view_of(json, size)); });
}

// One thunk for every service of the shape text → text.
template <std::string (IHost::*Method)(std::string_view)>
crm_result exchange(void* ctx, const char* request, std::uint64_t size, const crm_sink* answer,
                    const crm_sink* error) noexcept {
    return guard(error, [&] { emit(answer, (host_of(ctx).*Method)(view_of(request, size))); });
}

crm_result directory(void* ctx, const crm_sink* path, const crm_sink* error) noexcept {
    return guard(error, [&] { emit(path, host_of(ctx).directory()); });
}
void post(void* ctx, const char* json, std::uint64_t size) noexcept {
    host_of(ctx).notify(view_of(json, size));
}
void wake(void* ctx) noexcept {
    host_of(ctx).wake();
}
std::uint32_t threads_allowed(void* ctx) noexcept {
    return host_of(ctx).threads_allowed();
}

}  // namespace

HostTables::HostTables(IHost& host) noexcept
    : host_{sizeof(crm_host), 0, this, &HostTables::query},
      log_{sizeof(crm_log), 0, &host, &write_log},
      clock_{sizeof(crm_clock), 0, &host, &now_us, &monotonic_us},
      settings_{sizeof(crm_settings), 0, &host, &get_settings, &put_settings},
      records_{sizeof(crm_records),
               0,
               &host,
               &exchange<&IHost::query_records>,
               &exchange<&IHost::upsert_records>,
               &exchange<&IHost::changed_records>},
      keys_{sizeof(crm_keys), 0, &host, &exchange<&IHost::wrap_key>, &exchange<&IHost::unwrap_key>},
      files_{sizeof(crm_files), 0, &host, &directory},
      notify_{sizeof(crm_notify), 0, &host, &post},
      wake_{sizeof(crm_wake), 0, &host, &wake},
      threads_{sizeof(crm_threads), 0, &host, &threads_allowed} {}

const void* HostTables::query(void* ctx, const char* name, std::uint64_t size) noexcept {
    const auto& self = *static_cast<const HostTables*>(ctx);
    const std::array<std::pair<std::string_view, const void*>, 9> services{{
        {CRM_SERVICE_LOG, &self.log_},
        {CRM_SERVICE_CLOCK, &self.clock_},
        {CRM_SERVICE_SETTINGS, &self.settings_},
        {CRM_SERVICE_RECORDS, &self.records_},
        {CRM_SERVICE_KEYS, &self.keys_},
        {CRM_SERVICE_FILES, &self.files_},
        {CRM_SERVICE_NOTIFY, &self.notify_},
        {CRM_SERVICE_WAKE, &self.wake_},
        {CRM_SERVICE_THREADS, &self.threads_},
    }};
    for (const auto& [service, table] : services) {
        if (view_of(name, size) == service) return table;
    }
    return nullptr;
}

}  // namespace crm::detail
