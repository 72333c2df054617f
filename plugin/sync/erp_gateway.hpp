// What a run needs of the ERP. Implemented by api/ over HTTPS and by an in-memory one in tests.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/record.hpp"

namespace metakocka::sync {

enum class ErpErrorClass {
    kTransient,       // network, HTTP 5xx, HTML instead of JSON, opr_code 1: may succeed later. Of a write:
                      // it surely did not happen
    kTls,             // the server's certificate or host name was refused
    kCredentials,     // opr_code 3
    kAddress,         // opr_code 4: this machine's IP is not allowed
    kQuota,           // opr_code 5
    kRecord,          // permanent for this record or request: opr_code 2, 6, 8 and anything unrecognised
    kNotFound,        // the ERP says that the thing does not exist
    kAlreadyExists,   // the ERP refuses to add what it has: look it up and link it
    kNotTheApi,       // the address answers, but not as Metakocka (HTML 404, another JSON)
    kUnknownOutcome,  // a write went out and no answer says what became of it: it may or may not have
                      // happened
    kCancelled,       // stopped because somebody asked for it, before anything was changed
};

class ErpError : public std::runtime_error {
  public:
    // `text` is for people and free of secrets. `retry_after_s` is what the server asked for, 0 if nothing.
    ErpError(ErpErrorClass error_class, const std::string& text, int retry_after_s = 0)
        : std::runtime_error(text), class_(error_class), retry_after_s_(retry_after_s) {}
    ErpErrorClass error_class() const noexcept { return class_; }
    int retry_after_s() const noexcept { return retry_after_s_; }

  private:
    ErpErrorClass class_;
    int retry_after_s_;
};

// One row as the ERP gave it. When `problem` is not empty the row can't be used: it names the field and what
// is wrong with it, and only record.kind and record.erp_id (if known) are set.
struct ErpRow {
    Record record;
    std::string problem;
};

struct ErpPage {
    std::vector<ErpRow> rows;
    bool last = false;                   // a short page, or the known total is reached
    std::optional<std::uint64_t> total;  // where the ERP tells it
    std::vector<ErpRow> partners;  // bills only: the partners found on them, as far as documents show them
};

// One row of json/warehouse_stock: a lot of a product in a warehouse. Amounts are canonical decimals.
struct StockRow {
    std::string product_id;    // mk_id
    std::string warehouse_id;  // mk_id
    std::string warehouse;     // mark
    std::string amount;
    Value reserved;  // null when the company keeps no reservations
    Value free;
    std::string row_key;  // what tells the lots of one product in one warehouse apart; may be empty
    std::string problem;  // as in ErpRow
};

struct StockPage {
    std::vector<StockRow> rows;
    bool last = false;
};

enum class BillType { kDomestic, kForeign, kRetail, kPrepaid, kCreditNote };

struct BillQuery {
    BillType type{};
    std::optional<std::string> date_from;      // YYYY-MM-DD, document date, inclusive
    bool unpaid_only = false;                  // payment_status not fully paid
    std::optional<std::int64_t> changed_from;  // Instant; only where Discovery offers it

    bool operator==(const BillQuery&) const = default;
};

struct ErpUpdate {
    ErpRow row;                          // as the ERP has it now
    bool changed_meanwhile = false;      // it was not as expected: nothing was written
    std::vector<std::size_t> not_taken;  // fields that the ERP left as they were, by index in the schema
};

enum class PartnerKey { kId, kTaxNumber, kEmail, kName };

struct CallStats {
    std::uint64_t calls = 0;
    std::uint64_t retries = 0;
    std::uint64_t bytes = 0;
};

// Every call may throw ErpError. Retrying of reads, deadlines and lanes are the gateway's own. A write is
// sent once: nothing tells the ERP that a second one is the first one again. One thread at a time.
class ErpGateway {
  public:
    virtual ~ErpGateway() = default;

    // [scan] Rows of json/product_list with prices of `pricelist` (count_code; null: the first valid one).
    virtual ErpPage products(std::uint64_t offset, std::uint32_t limit, const Value& pricelist) = 0;
    // This page of products will be asked for next: a gateway may begin to read it. What goes wrong is told
    // by the call that asks for it.
    virtual void expect_products(std::uint64_t, std::uint32_t, const Value&) {}
    // [scan] Rows of json/warehouse_stock.
    virtual StockPage stock(std::uint64_t offset, std::uint32_t limit) = 0;
    // [scan] Whole bills of one type.
    virtual ErpPage bills(const BillQuery& query, std::uint64_t offset, std::uint32_t limit) = 0;
    // As expect_products.
    virtual void expect_bills(const BillQuery&, std::uint64_t, std::uint32_t) {}
    // [direct] Partners that match; none is an empty list, never an error.
    virtual std::vector<ErpRow> partners(PartnerKey key, const std::string& text) = 0;
    // [scan] The product with this code and mk_id, or nothing when the ERP does not have it any more.
    // `code` null: looked for by scanning.
    virtual std::optional<ErpRow> product(const std::string& mk_id, const Value& code) = 0;
    // [direct] One bill, or nothing when it was deleted.
    virtual std::optional<ErpRow> bill(BillType type, const std::string& mk_id) = 0;
    // [scan] The stock rows of these products.
    virtual std::vector<StockRow> stock_of(const std::vector<std::string>& product_mk_ids) = 0;
    // [direct] Whether bills of this type may be asked for by their last change.
    virtual bool offers_last_change(BillType type) = 0;

    // Writing: contacts and products only; anything else is a std::logic_error. What goes out first must have
    // passed check_limits (sync/erp_limits.hpp), and only the fields that erp_abilities calls writable are
    // sent. Each throws kUnknownOutcome when a request went out that may have changed something and it is not
    // known what the ERP has now; every other error means that nothing was changed.

    // [direct] Adds `wanted`, whose erp_id does not count, and answers it as the ERP has it now (products:
    // read back by a [scan]). After kUnknownOutcome nothing may be sent for it before find_added was asked.
    // Throws kAlreadyExists when the ERP refuses a second one of the same code.
    virtual ErpRow add(const Record& wanted) = 0;
    // [direct] Reads the record first ([scan] for products). When it is not `expected` any more, as far as
    // its writable fields and `active` go, nothing is written. Otherwise sends the fields in which `wanted`
    // differs from `expected`, reads the record again and names those that the ERP did not take. A difference
    // that can't be expressed, like clearing a flag, or an e-mail behind which another contact person's would
    // appear, is not sent and named as well. Throws kNotFound when the ERP does not have the record any more.
    // After kUnknownOutcome: read and decide again.
    virtual ErpUpdate update(const Record& expected, const Record& wanted) = 0;
    // [direct] ([scan] for products) What an earlier add(wanted) whose answer was lost may have made: every
    // record that has all values that were sent. Partners are looked up by tax number, else by e-mail, else
    // by name; products by code. None: it did not arrive. Several: one is it, or none of them if all are
    // known otherwise; the caller drops those that are linked.
    virtual std::vector<ErpRow> find_added(const Record& wanted) = 0;

    // What was used since this gateway was made.
    virtual CallStats stats() const = 0;
};

}  // namespace metakocka::sync
