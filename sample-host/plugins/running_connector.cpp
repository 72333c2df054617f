#include "plugins/running_connector.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>

#include "util/path.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

namespace json = boost::json;

constexpr Duration kBudget = 200000;
// The wall clock may jump: no sleep is longer than this, whatever run_due said.
constexpr std::chrono::microseconds kLongestSleep{30000000};
// Event streams stay open; they must not take every thread of the server.
constexpr int kMaxVisits = 40;

[[noreturn]] void refuse_description(const std::string& expected, const std::string& found) {
    throw Error(CRM_INVALID, "the connector describes itself wrongly: expected " + expected + "; found " +
                                 found + ". The module is defective: tell its publisher");
}

std::string text_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

// Counts a request that is inside the module.
class RunningConnector::Visit {
  public:
    explicit Visit(RunningConnector& owner) : owner_(owner) {
        const std::lock_guard lock(owner_.mutex_);
        if (owner_.stopping_) throw Error(CRM_TRANSIENT, "the connector is being stopped");
        if (owner_.visits_ >= kMaxVisits) throw Error(CRM_TRANSIENT, "too many requests at once");
        ++owner_.visits_;
    }
    ~Visit() {
        {
            const std::lock_guard lock(owner_.mutex_);
            --owner_.visits_;
        }
        owner_.changed_.notify_all();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

  private:
    RunningConnector& owner_;
};

RunningConnector::RunningConnector(const HostParts& parts, std::shared_ptr<Module> module,
                                   const std::function<void(const char* phase)>& entering)
    : logger_(parts.logger), module_(std::move(module)), services_(parts, module_->manifest().id) {
    entering("create");
    connector_ = module_->create(services_);
    entering("describe");
    json::error_code error;
    json::value value = json::parse(connector_->describe(), error);
    if (error || !value.is_object()) {
        refuse_description("a JSON object",
                           error ? "what is not JSON (" + error.message() + ")" : "another value");
    }
    description_ = std::move(value.as_object());
    if (text_of(description_, "id") != module_->manifest().id) {
        refuse_description("the id " + module_->manifest().id + " of its manifest",
                           "'" + text_of(description_, "id") + "'");
    }
    read_routes();
}

void RunningConnector::read_routes() {
    const auto* routes = description_.if_contains("routes");
    if (routes == nullptr || !routes->is_array()) return;
    for (const auto& item : routes->get_array()) {
        if (!item.is_object()) refuse_description("routes that are objects", json::serialize(item));
        const auto& route = item.get_object();
        const auto* permission = route.if_contains("permission");
        // Only an explicit null opens a route to everybody: a forgotten or empty permission must not.
        if (permission == nullptr ||
            !(permission->is_null() || (permission->is_string() && !permission->get_string().empty()))) {
            refuse_description("a permission, or null for everybody, of the route " + text_of(route, "path"),
                               permission == nullptr ? "nothing" : json::serialize(*permission));
        }
        routes_.push_back(
            {text_of(route, "method"), split_path(text_of(route, "path")), text_of(route, "permission")});
    }
}

void RunningConnector::start(Quarantine quarantine) {
    working_ = true;
    thread_ = std::thread([self = shared_from_this(), quarantine = std::move(quarantine)]() mutable {
        self->work(quarantine);
    });
}

bool RunningConnector::stop(std::chrono::milliseconds deadline) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_.exchange(true)) return true;
    }
    const auto until = std::chrono::steady_clock::now() + deadline;
    try {
        connector_->scheduler().cancel();
        services_.wake();
        if (!connector_->stop(std::chrono::duration_cast<std::chrono::microseconds>(deadline).count())) {
            logger_.warn("connector " + module_->manifest().id + " says it did not stop in time");
        }
    } catch (const std::exception& error) {
        logger_.error("stopping connector " + module_->manifest().id + ": " + error.what());
    }
    std::unique_lock lock(mutex_);
    const bool ended = changed_.wait_until(lock, until + std::chrono::seconds(1),
                                           [this] { return !working_ && visits_ == 0; });
    const bool thread_ended = !working_;
    lock.unlock();
    if (thread_.joinable()) {
        if (thread_ended) {
            thread_.join();
        } else {
            thread_.detach();
        }
    }
    return ended;
}

void RunningConnector::work(const Quarantine& quarantine) {
    int failures = 0;
    for (bool first = true; !stopping_; first = false) {
        const auto sleep = first ? run_first(quarantine, failures) : run_once(failures);
        if (sleep.count() > 0 && !stopping_) services_.wake_signal().wait_for(sleep);
    }
    {
        const std::lock_guard lock(mutex_);
        working_ = false;
    }
    changed_.notify_all();
}

std::chrono::microseconds RunningConnector::run_first(const Quarantine& quarantine, int& failures) {
    std::optional<CrashMark> mark;
    try {
        mark.emplace(quarantine, module_->manifest().id, "run");
    } catch (const std::exception& error) {  // a full disk is no reason not to work
        logger_.error("connector " + module_->manifest().id + ": " + error.what());
    }
    return run_once(failures);
}

// One slice. Answers how long to sleep after it.
std::chrono::microseconds RunningConnector::run_once(int& failures) {
    std::string trouble;
    try {
        const Instant next = connector_->scheduler().run_due(now_us(), kBudget);
        failures = 0;
        const Instant now = now_us();
        if (next <= now) return std::chrono::microseconds{0};
        return std::min(kLongestSleep, std::chrono::microseconds{next - now});
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    // A defect of one connector is that connector's: it is tried again, less and less often.
    failures = std::min(failures + 1, 9);
    logger_.error("connector " + module_->manifest().id + ": " + trouble);
    return std::chrono::seconds{1 << (failures - 1)};
}

void RunningConnector::handle_http(const HttpRequest& request, IHttpResponse& response) {
    const Visit visit(*this);
    connector_->handle_http(request, response);
}

std::string RunningConnector::status() {
    const Visit visit(*this);
    return connector_->status();
}

}  // namespace crm::sample
