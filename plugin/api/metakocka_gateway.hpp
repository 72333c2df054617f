// The ERP over HTTPS, for one run.
#pragma once

#include <memory>
#include <optional>

#include "api/caller.hpp"
#include "api/company.hpp"
#include "api/decode.hpp"
#include "api/read_ahead.hpp"
#include "sync/clock.hpp"
#include "sync/erp_gateway.hpp"

namespace metakocka::api {

inline constexpr std::uint32_t kMostRows = 1000;      // product_list, warehouse_stock
inline constexpr std::uint32_t kMostDocuments = 100;  // search

class MetakockaGateway final : public sync::ErpGateway {
  public:
    // `waiter` and `clock` must outlive it; cancelling the waiter ends a call within 50 ms. With `read_ahead`
    // expected pages are read in a thread of its own, which uses neither clock nor anything of the host;
    // cancel the waiter before destroying it, which waits for that thread. Throws std::invalid_argument for
    // an unusable base URL, sync::ErpError(kTls) for an unusable CA certificate.
    MetakockaGateway(const Connection& connection, std::shared_ptr<Company> company, Waiter& waiter,
                     sync::Clock& clock, Jitter jitter, const RetryPolicy& policy = {},
                     const TransportOptions& options = {}, bool read_ahead = false);

    sync::ErpPage products(std::uint64_t offset, std::uint32_t limit, const Value& pricelist) override;
    void expect_products(std::uint64_t offset, std::uint32_t limit, const Value& pricelist) override;
    sync::StockPage stock(std::uint64_t offset, std::uint32_t limit) override;
    sync::ErpPage bills(const sync::BillQuery& query, std::uint64_t offset, std::uint32_t limit) override;
    void expect_bills(const sync::BillQuery& query, std::uint64_t offset, std::uint32_t limit) override;
    std::vector<sync::ErpRow> partners(sync::PartnerKey key, const std::string& text) override;
    // With the prices of the pricelist that `products` was last asked for.
    std::optional<sync::ErpRow> product(const std::string& mk_id, const Value& code) override;
    // The pricelist of look-ups that come before any call of `products`.
    void use_pricelist(const Value& pricelist) { pricelist_ = pricelist; }
    std::optional<sync::ErpRow> bill(sync::BillType type, const std::string& mk_id) override;
    std::vector<sync::StockRow> stock_of(const std::vector<std::string>& product_mk_ids) override;
    bool offers_last_change(sync::BillType type) override;
    // metakocka_writes.cpp
    sync::ErpRow add(const Record& wanted) override;
    sync::ErpUpdate update(const Record& expected, const Record& wanted) override;
    std::vector<sync::ErpRow> find_added(const Record& wanted) override;
    sync::CallStats stats() const override;

  private:
    struct PageRequest {
        std::optional<sync::BillQuery> bills;  // nothing: products
        Value pricelist;                       // of products
        std::string day;                       // of products: prices are those of this day
        std::uint64_t offset = 0;
        std::uint32_t limit = 0;

        bool operator==(const PageRequest&) const = default;
    };

    PageRequest products_request(std::uint64_t offset, std::uint32_t limit, const Value& pricelist);
    static PageRequest bills_request(const sync::BillQuery& query, std::uint64_t offset, std::uint32_t limit);
    void expect(const PageRequest& request);
    sync::ErpPage page(const PageRequest& request);
    // These use nothing but caller_, so they may run in the thread that reads ahead.
    sync::ErpPage read(const PageRequest& request);
    sync::ErpPage read_bills(const PageRequest& request);
    sync::ErpPage read_products(boost::json::object parameters, const PageRequest& request);

    // The caller, once nothing is read ahead any more.
    Caller& caller();
    std::optional<Answer> get_partner(sync::PartnerKey key, const std::string& text);
    sync::StockPage stock_page(boost::json::object parameters, std::uint64_t offset, std::uint32_t limit);
    const Warehouses& warehouses();
    // A record as an update needs it: `answer` holds what `json` is a part of; a product needs neither.
    struct Fresh {
        sync::ErpRow row;
        std::optional<Answer> answer;
        const boost::json::object* json = nullptr;
    };
    std::optional<Fresh> read_fresh(const Record& like);
    Fresh read_back(const Record& written);
    // False when there is nothing (more) to send; `again` when a further request has to follow.
    bool send_change(const Fresh& fresh, const Record& wanted, bool& again);

    std::shared_ptr<Company> company_;
    sync::Clock& clock_;
    Caller caller_;
    Value pricelist_;
    std::optional<Warehouses> warehouses_;  // asked for once per run
    bool read_ahead_;
    sync::CallStats stats_before_ahead_;
    ReadAhead<PageRequest, sync::ErpPage> ahead_;  // last: its thread ends before what it uses
};

}  // namespace metakocka::api
