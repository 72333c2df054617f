#include "erp.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "endpoints.hpp"

namespace metakocka::sim {

namespace json = boost::json;

namespace {

constexpr std::string_view kHtml = "text/html;charset=UTF-8";

Reply html(int status, std::string_view title) {
    Reply reply;
    reply.status = status;
    reply.content_type = kHtml;
    reply.body = "<!DOCTYPE html><html><head><title>" + std::string(title) + "</title></head><body><h1>" +
                 std::string(title) + "</h1></body></html>\n";
    return reply;
}

Reply answer(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    return reply;
}

const Fault* find_kind(const std::vector<Fault>& faults, std::string_view kind) {
    const auto at =
        std::find_if(faults.begin(), faults.end(), [kind](const Fault& f) { return f.kind == kind; });
    return at == faults.end() ? nullptr : &*at;
}

std::string or_else(const std::string& text, std::string_view fallback) {
    return text.empty() ? std::string(fallback) : text;
}

// The faults that answer instead of the call.
std::optional<Reply> early_reply(const std::vector<Fault>& faults) {
    for (const auto& fault : faults) {
        if (fault.kind == "http500") return html(500, "Internal Server Error");
        if (fault.kind == "html200") return html(200, "MetaKocka - prijava");
        if (fault.kind == "empty") return answer("");
        if (fault.kind == "bad_json") return answer(R"({"opr_code":"0","product_list":[{"mk_id":)");
        if (fault.kind == "quota") return answer(refusal("5", or_else(fault.text, "Quote exceeds")));
        if (fault.kind == "auth")
            return answer(refusal("3", or_else(fault.text, "Invalid secret_key / company_id")));
        if (fault.kind == "ip") return answer(refusal("4", or_else(fault.text, "IP address not allowed")));
        if (fault.kind == "opr_error")
            return answer(refusal(or_else(fault.code, "1"), or_else(fault.text, "Unknown error")));
        if (fault.kind == "retry_after") {
            Reply reply = html(fault.code == "429" ? 429 : 503, "Service Unavailable");
            reply.retry_after = std::to_string(std::max<std::int64_t>(1, fault.ms / 1000));
            return reply;
        }
        if (fault.kind == "drop") {
            Reply reply;
            reply.delivery = Delivery::kDrop;
            return reply;
        }
    }
    return std::nullopt;
}

std::string opr_code_of(std::string_view text) {
    constexpr std::string_view kStart = R"({"opr_code":")";
    if (!text.starts_with(kStart)) return "0";
    return std::string(text.substr(kStart.size(), text.find('"', kStart.size()) - kStart.size()));
}

std::uint32_t company_number(const json::object& body) {
    const auto text = Fields(body).text("company_id");
    std::uint32_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return std::to_string(id) == text ? id : 0;
}

class ScanCount {
  public:
    explicit ScanCount(Counters& counters) : counters_(counters) { counters_.scan_begins(); }
    ~ScanCount() { counters_.scan_ends(); }
    ScanCount(const ScanCount&) = delete;
    ScanCount& operator=(const ScanCount&) = delete;

  private:
    Counters& counters_;
};

}  // namespace

Reply not_found() {
    return html(404, "HTTP Status 404 - Not Found");
}

Erp::Erp(ErpSettings settings) : settings_(settings) {
    for (std::uint32_t i = 0; i < settings_.companies; ++i) slots_.push_back(std::make_unique<Slot>());
    for (std::uint32_t i = 1; i <= std::min<std::uint32_t>(2, settings_.companies); ++i) company(i);
}

Company* Erp::company(std::uint32_t id) {
    if (id == 0 || id > slots_.size()) return nullptr;
    Slot& slot = *slots_[id - 1];
    const std::lock_guard lock(slot.mutex);
    if (!slot.company) {
        slot.company =
            std::make_unique<Company>(generate_ledger(id, settings_.sizes, settings_.seed, settings_.today));
    }
    return slot.company.get();
}

Reply Erp::call(std::string_view path, std::string_view text, std::size_t search_group) {
    const Endpoint* endpoint = find_endpoint(path);
    if (endpoint == nullptr) return not_found();
    json::error_code error;
    json::value parsed = json::parse(text, error);
    if (error || !parsed.is_object()) {
        ++auth_failures_;
        return answer(refusal("2", "Request is not a JSON object."));
    }
    auto& body = parsed.get_object();
    const auto number = company_number(body);
    Company* target = company(number);
    if (target == nullptr) {
        ++auth_failures_;
        return answer(refusal("3", "Invalid secret_key / company_id"));
    }
    target->counters.called(path);
    const auto faults = faults_.take(path, std::to_string(number));
    if (const auto* hang = find_kind(faults, "hang")) {
        sleep(std::chrono::milliseconds{hang->ms > 0 ? hang->ms : 600'000});
        Reply reply;
        reply.delivery = Delivery::kDrop;
        return reply;
    }
    if (auto early = early_reply(faults)) {
        if (early->status == 200 && early->content_type != kHtml)
            target->counters.answered(opr_code_of(early->body));
        return *std::move(early);
    }
    bool authorised = false;
    unsigned quota = 0;
    {
        const std::lock_guard lock(target->mutex);
        authorised = Fields(body).text("secret_key") == target->ledger.secret;
        quota = target->ledger.options.quota_per_minute;
    }
    if (!authorised) {
        ++auth_failures_;
        target->counters.auth_failed();
        target->counters.answered("3");
        return answer(refusal("3", "Invalid secret_key / company_id"));
    }
    if (target->over_quota(quota)) {
        target->counters.answered("5");
        return answer(refusal("5", "Quote exceeds"));
    }
    return run(*endpoint, *target, std::move(body), faults, search_group);
}

Reply Erp::run(const Endpoint& endpoint, Company& target, json::object body, const std::vector<Fault>& faults,
               std::size_t search_group) {
    auto delay = settings_.latency;
    if (const auto* slow = find_kind(faults, "slow")) delay += std::chrono::milliseconds{slow->ms};
    WriteRecord written;
    written.answer_lost = find_kind(faults, "drop_after_write") != nullptr;
    Reply reply;
    const bool shifted = find_kind(faults, "shift") != nullptr;
    if (endpoint.scans) {
        bool groups = false;
        {
            const std::lock_guard lock(target.mutex);
            groups = target.ledger.options.search_groups;
        }
        const ScanCount count(target.counters);
        const std::lock_guard lane(target.scan_lane(groups ? search_group : 0));
        if (delay.count() > 0) sleep(delay);
        reply.body = execute(endpoint, target, body, shifted, written);
    } else {
        if (delay.count() > 0) sleep(delay);
        reply.body = execute(endpoint, target, body, shifted, written);
    }
    const auto code = opr_code_of(reply.body);
    target.counters.answered(code);
    if (endpoint.writes) {
        written.opr_code = code;
        record(std::move(written), std::move(body));
    }
    if (find_kind(faults, "drop_after_write") != nullptr) reply.delivery = Delivery::kDrop;
    if (find_kind(faults, "truncate") != nullptr) reply.delivery = Delivery::kTruncate;
    if (const auto* drip = find_kind(faults, "drip")) {
        reply.delivery = Delivery::kDrip;
        if (drip->ms > 0) reply.pace = std::chrono::milliseconds{drip->ms};
    }
    return reply;
}

std::string Erp::execute(const Endpoint& endpoint, Company& target, const json::object& body, bool shifted,
                         WriteRecord& written) {
    const std::lock_guard lock(target.mutex);
    Call call{target.ledger, Fields(body), shifted ? 1U : 0U, ++target.nonce, 0};
    written.company = target.ledger.company;
    written.endpoint = endpoint.path;
    written.at = now();
    try {
        auto text = endpoint.run(call);
        written.mk_id = call.written;
        return text;
    } catch (const ApiError& error) {
        return refusal(error.code, error.what());
    } catch (const std::exception& error) {
        return refusal("1", std::string("Unknown error: ") + error.what());
    }
}

void Erp::record(WriteRecord written, json::object body) {
    body.erase("secret_key");
    written.body = std::move(body);
    const std::lock_guard lock(writes_mutex_);
    written.number = writes_.empty() ? 1 : writes_.back().number + 1;
    writes_.push_back(std::move(written));
}

json::array Erp::writes(std::uint32_t company_id) const {
    const std::lock_guard lock(writes_mutex_);
    json::array result;
    for (const auto& write : writes_) {
        if (company_id != 0 && write.company != company_id) continue;
        result.push_back(json::object{
            {"number", write.number},
            {"company", std::to_string(write.company)},
            {"endpoint", write.endpoint},
            {"at", iso_timestamp(write.at)},
            {"oprCode", write.opr_code},
            {"mkId", write.mk_id == 0 ? json::value() : json::value(std::to_string(write.mk_id))},
            {"answerLost", write.answer_lost},
            {"body", write.body}});
    }
    return result;
}

void Erp::clear_writes() {
    const std::lock_guard lock(writes_mutex_);
    writes_.clear();
}

void Erp::stop() {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
    stop_signal_.notify_all();
}

bool Erp::sleep(std::chrono::milliseconds time) {
    std::unique_lock lock(stop_mutex_);
    return !stop_signal_.wait_for(lock, time, [this] { return stopping_; });
}

}  // namespace metakocka::sim
