// A supplier's price list becomes the CRM's products.
//     PUT /list   takes [{"code": "A-1", "name": "Apple", "price": "0.35"}, ...]
//     GET /list   says how far it is: {"waiting": 0, "refused": 1}
// Requests only note what is to be done; run_due does it, in slices; settings keep what survives a restart.
#include <atomic>
#include <boost/json/src.hpp>  // compiled in, so that the module needs no library that its host may lack
#include <crm/export.hpp>
#include <mutex>

namespace json = boost::json;

class PriceList final : public crm::IConnector, public crm::IScheduler {
  public:
    // A restart may have interrupted a list: it is written again, and what is there is "unchanged".
    explicit PriceList(crm::IHost& host) : host_(host) {
        const json::value kept = json::parse(host.settings());
        if (const auto* items = kept.as_object().if_contains("items")) items_ = items->as_array();
    }
    std::string describe() override {
        return R"({"id": "price-list", "name": "Price list", "version": "1.0.0", "pages": [], "tasks": [],
            "permissions": [{"id": "integrations.manage", "title": "Manage integrations"}],
            "routes": [{"method": "GET", "path": "/list", "permission": "integrations.manage"},
                       {"method": "PUT", "path": "/list", "permission": "integrations.manage"}]})";
    }
    crm::IScheduler& scheduler() override { return *this; }
    crm::Instant run_due(crm::Instant now, crm::Duration budget) override {
        const crm::Instant start = host_.monotonic();
        for (cancelled_ = false; write_batch();) {
            if (cancelled_ || host_.monotonic() - start >= budget) return now;  // there may be more
        }
        return crm::kNever;  // until the next PUT wakes the host
    }
    void cancel() override { cancelled_ = true; }
    bool stop(crm::Duration deadline) override {
        stopped_ = true;
        const std::chrono::microseconds patience(std::clamp<crm::Duration>(deadline, 0, 60'000'000));
        return std::unique_lock(mutex_, patience).owns_lock();  // no batch is being written any more
    }
    void handle_http(const crm::HttpRequest& request, crm::IHttpResponse& response) override {
        const json::value head = json::parse(request.head);
        const bool put = head.at("method") == "PUT", known = put || head.at("method") == "GET";
        if (!known || head.at("path") != "/list") throw crm::Error(CRM_NOT_FOUND, "no such thing");
        json::error_code nobody;  // the host checked the permission before; check it all the same
        const json::value* held = head.find_pointer("/user/permissions", nobody);
        const bool may = held != nullptr && std::ranges::count(held->as_array(), "integrations.manage") > 0;
        if (!may) {
            response.begin(R"({"status": 403, "headers": {"Content-Type": "application/problem+json"}})");
            response.write(R"({"type":"about:blank","title":"Denied","status":403,"detail":"For managers"})");
            return;
        }
        std::unique_lock lock(mutex_);
        if (put) {
            json::array items = read_list(request.body);
            host_.put_settings(json::serialize(json::object{{"items", items}}));
            items_ = std::move(items);
            next_ = refused_ = 0;
            host_.wake();
        }
        const json::object state{{"waiting", items_.size() - next_}, {"refused", refused_}};
        lock.unlock();  // a client that reads slowly holds up nobody
        response.begin(R"({"status": 200, "headers": {"Content-Type": "application/json"}})");
        response.write(json::serialize(state));
    }
    std::string status() override { return R"({"state": "ok", "text": "GET /list says how far it is"})"; }

  private:
    // As the host's upsert wants it. What a price may be is for the host to say, record by record.
    static json::array read_list(std::string_view text) try {
        const json::value list = json::parse(text);
        json::array items;
        for (const json::value& product : list.as_array()) {
            items.push_back({{"externalId", product.at("code").as_string()}, {"fields", product}});
        }
        return items;
    } catch (const std::exception&) {
        throw crm::Error(CRM_INVALID, R"(expected [{"code", "name", "price"}, ...])");  // becomes a 400
    }
    // False when nothing waits. What the host can't take now throws, and the next call tries it again.
    bool write_batch() {
        const std::lock_guard lock(mutex_);
        const std::size_t end = std::min(next_ + 100, items_.size());  // a slice's overrun
        if (stopped_ || next_ == end) return false;
        const json::array batch(items_.begin() + next_, items_.begin() + end);
        const json::object request{{"kind", "products"}, {"items", batch}};
        const json::value answer = json::parse(host_.upsert_records(json::serialize(request)));
        for (const json::value& item : answer.at("items").as_array())
            refused_ += item.as_object().contains("error");  // each on its own; the others are written
        next_ = end;
        if (end == items_.size()) host_.put_settings("{}");
        return true;
    }
    crm::IHost& host_;
    std::timed_mutex mutex_;
    json::array items_;
    std::size_t next_ = 0, refused_ = 0;
    std::atomic<bool> cancelled_ = false, stopped_ = false;
};

CRM_CONNECTOR(PriceList)
