#include "probe_host.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "crm/detail/text_sink.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;
using detail::view_of;

thread_local int calls_on_this_thread = 0;
thread_local int runs_on_this_thread = 0;

constexpr std::string_view kWrapMark = "wrapped:";
constexpr const char* kUpdatedAt = "2026-01-01T00:00:00Z";

std::int64_t micros(auto duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

// A record for each item, all new.
std::string accept_all(std::string_view request) {
    json::error_code failed;
    const json::value asked = json::parse(json::string_view(request.data(), request.size()), failed);
    json::array items;
    if (!failed && asked.is_object()) {
        const json::value* list = asked.get_object().if_contains("items");
        if (list != nullptr && list->is_array()) {
            for (std::size_t i = 0; i < list->get_array().size(); ++i) {
                items.push_back(json::object{{"id", std::to_string(i + 1)},
                                             {"outcome", "created"},
                                             {"previous", json::object{}},
                                             {"updatedAt", kUpdatedAt}});
            }
        }
    }
    return json::serialize(json::object{{"items", std::move(items)}});
}

}  // namespace

InsideCall::InsideCall(bool run_due) noexcept : run_due_(run_due) {
    ++calls_on_this_thread;
    if (run_due_) ++runs_on_this_thread;
}
InsideCall::~InsideCall() {
    --calls_on_this_thread;
    if (run_due_) --runs_on_this_thread;
}

crm_result write_to(const crm_sink* sink, std::string_view text) noexcept {
    if (sink == nullptr || !CRM_HAS(sink, write) || sink->write == nullptr) return CRM_INVALID;
    return sink->write(sink->ctx, text.data(), text.size());
}

struct ProbeHost::Thunks {
    // Notes the call; `keep` remembers what came with it.
    template <class Keep>
    static ProbeHost& enter(void* ctx, const char* service, Keep keep) {
        auto& host = *static_cast<ProbeHost*>(ctx);
        const std::lock_guard lock(host.mutex_);
        ++host.seen_.calls;
        if (calls_on_this_thread == 0) host.seen_.foreign_threads.emplace_back(service);
        keep(host.seen_);
        return host;
    }
    static ProbeHost& enter_records(void* ctx, const char* service, std::vector<std::string> Seen::*list,
                                    std::string_view request) {
        return enter(ctx, service, [&](Seen& seen) {
            (seen.*list).emplace_back(request);
            if (runs_on_this_thread == 0) seen.outside_run.emplace_back(service);
        });
    }

    static const void* query(void* ctx, const char* name, std::uint64_t size) noexcept {
        auto& host = *static_cast<ProbeHost*>(ctx);
        const std::string_view asked = view_of(name, size);
        const std::pair<std::string_view, const void*> tables[] = {
            {CRM_SERVICE_LOG, &host.log},           {CRM_SERVICE_CLOCK, &host.clock},
            {CRM_SERVICE_SETTINGS, &host.settings}, {CRM_SERVICE_RECORDS, &host.records},
            {CRM_SERVICE_KEYS, &host.keys},         {CRM_SERVICE_FILES, &host.files},
            {CRM_SERVICE_NOTIFY, &host.notify},     {CRM_SERVICE_WAKE, &host.wake},
            {CRM_SERVICE_THREADS, &host.threads}};
        for (const auto& [service, table] : tables) {
            if (asked != service || host.withheld.contains(asked)) continue;
            return host.substitute ? host.substitute(asked, table) : table;
        }
        return nullptr;
    }
    static void write_log(void* ctx, std::uint32_t level, const char* text, std::uint64_t size) noexcept {
        enter(ctx, "log.write", [&](Seen& seen) { seen.lines.emplace_back(level, view_of(text, size)); });
    }
    static std::int64_t now(void* ctx) noexcept {
        const auto& host = enter(ctx, "clock.now_us", [](Seen& seen) { ++seen.times; });
        return host.on_now ? host.on_now() : micros(std::chrono::system_clock::now().time_since_epoch());
    }
    static std::int64_t monotonic(void* ctx) noexcept {
        enter(ctx, "clock.monotonic_us", [](Seen&) {});
        return micros(std::chrono::steady_clock::now().time_since_epoch());
    }
    static crm_result get(void* ctx, const crm_sink* result, const crm_sink* error) noexcept {
        const auto& host = enter(ctx, "settings.get", [](Seen& seen) { ++seen.gets; });
        if (const auto code = host.answered(host.on_settings_get, {}, result, error)) return *code;
        return write_to(result, host.stored_settings());
    }
    static crm_result put(void* ctx, const char* text, std::uint64_t size, const crm_sink* error) noexcept {
        auto& host =
            enter(ctx, "settings.put", [&](Seen& seen) { seen.puts.emplace_back(view_of(text, size)); });
        if (const auto code = host.answered(host.on_settings_put, view_of(text, size), nullptr, error))
            return *code;
        host.store_settings(std::string(view_of(text, size)));
        return CRM_OK;
    }
    static crm_result find(void* ctx, const char* text, std::uint64_t size, const crm_sink* result,
                           const crm_sink* error) noexcept {
        const auto& host = enter_records(ctx, "records.query", &Seen::queries, view_of(text, size));
        if (const auto code = host.answered(host.on_records_query, view_of(text, size), result, error))
            return *code;
        return write_to(result, R"({"items":[],"next":null})");
    }
    static crm_result upsert(void* ctx, const char* text, std::uint64_t size, const crm_sink* result,
                             const crm_sink* error) noexcept {
        const auto& host = enter_records(ctx, "records.upsert", &Seen::upserts, view_of(text, size));
        if (const auto code = host.answered(host.on_records_upsert, view_of(text, size), result, error))
            return *code;
        return write_to(result, accept_all(view_of(text, size)));
    }
    static crm_result changes(void* ctx, const char* text, std::uint64_t size, const crm_sink* result,
                              const crm_sink* error) noexcept {
        const auto& host = enter_records(ctx, "records.changes", &Seen::feeds, view_of(text, size));
        if (const auto code = host.answered(host.on_records_changes, view_of(text, size), result, error))
            return *code;
        return write_to(result, R"({"items":[],"next":"0","more":false})");
    }
    static crm_result wrap(void* ctx, const char* key, std::uint64_t size, const crm_sink* result,
                           const crm_sink* error) noexcept {
        const auto& host = enter(ctx, "keys.wrap", [](Seen& seen) { ++seen.wraps; });
        if (const auto code = host.answered(host.on_wrap, view_of(key, size), result, error)) return *code;
        return write_to(result, std::string(kWrapMark).append(view_of(key, size)));
    }
    static crm_result unwrap(void* ctx, const char* wrapped, std::uint64_t size, const crm_sink* result,
                             const crm_sink* error) noexcept {
        const auto& host = enter(ctx, "keys.unwrap", [](Seen& seen) { ++seen.unwraps; });
        if (const auto code = host.answered(host.on_unwrap, view_of(wrapped, size), result, error))
            return *code;
        const std::string_view given = view_of(wrapped, size);
        if (given.starts_with(kWrapMark)) return write_to(result, given.substr(kWrapMark.size()));
        write_to(error, "wrapped under another master key");
        return CRM_AUTH;
    }
    static crm_result directory(void* ctx, const crm_sink* result, const crm_sink* error) noexcept {
        const auto& host = enter(ctx, "files.directory", [](Seen& seen) { ++seen.directories; });
        if (const auto code = host.answered(host.on_directory, {}, result, error)) return *code;
        return write_to(result, host.folder_.string());
    }
    static void post(void* ctx, const char* text, std::uint64_t size) noexcept {
        enter(ctx, "notify.post", [&](Seen& seen) { seen.notices.emplace_back(view_of(text, size)); });
    }
    static void wake_up(void* ctx) noexcept {
        enter(ctx, "wake.wake", [](Seen&) {});
    }
    static std::uint32_t threads_allowed(void* ctx) noexcept {
        enter(ctx, "threads.allowed", [](Seen&) {});
        return 1;
    }
};

ProbeHost::ProbeHost(std::filesystem::path folder)
    : table{sizeof(crm_host), 0, this, &Thunks::query},
      log{sizeof(crm_log), 0, this, &Thunks::write_log},
      clock{sizeof(crm_clock), 0, this, &Thunks::now, &Thunks::monotonic},
      settings{sizeof(crm_settings), 0, this, &Thunks::get, &Thunks::put},
      records{sizeof(crm_records), 0, this, &Thunks::find, &Thunks::upsert, &Thunks::changes},
      keys{sizeof(crm_keys), 0, this, &Thunks::wrap, &Thunks::unwrap},
      files{sizeof(crm_files), 0, this, &Thunks::directory},
      notify{sizeof(crm_notify), 0, this, &Thunks::post},
      wake{sizeof(crm_wake), 0, this, &Thunks::wake_up},
      threads{sizeof(crm_threads), 0, this, &Thunks::threads_allowed},
      folder_(std::move(folder)) {}

std::optional<crm_result> ProbeHost::answered(const Answer& answer, std::string_view given,
                                              const crm_sink* result, const crm_sink* error) {
    return answer ? answer(given, result, error) : std::nullopt;
}

ProbeHost::Seen ProbeHost::seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
}
std::string ProbeHost::stored_settings() const {
    const std::lock_guard lock(mutex_);
    return stored_;
}
void ProbeHost::store_settings(std::string text) {
    const std::lock_guard lock(mutex_);
    stored_ = std::move(text);
}

}  // namespace crm::validator
