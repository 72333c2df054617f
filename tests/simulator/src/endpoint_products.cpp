#include <algorithm>
#include <numeric>

#include "endpoints.hpp"
#include "random.hpp"
#include "wire_records.hpp"

namespace metakocka::sim {
namespace {

constexpr std::size_t kMaxProducts = 1000;

class ProductFilter {
  public:
    explicit ProductFilter(const Fields& body)
        : count_code_(body.text("count_code")),
          code_(body.text("code")),
          title_(body.text("title")),
          category_(body.text("category")),
          like_(body.is_true("search_with_like")),
          sales_(body.flag("sales")),
          purchase_(body.flag("purchase")),
          service_(body.flag("service")),
          work_(body.flag("work")),
          active_(body.flag("active")),
          eshop_sync_(body.flag("eshop_sync")) {}

    [[nodiscard]] bool accepts_all() const {
        return count_code_.empty() && code_.empty() && title_.empty() && category_.empty() && !sales_ &&
               !purchase_ && !service_ && !work_ && !active_ && !eshop_sync_;
    }

    [[nodiscard]] bool accepts(const Product& p) const {
        return text_matches(count_code_, p.count_code) && text_matches(code_, p.code) &&
               text_matches(title_, p.name) && (category_.empty() || category_ == p.category) &&
               flag_matches(sales_, p.sales) && flag_matches(purchase_, p.purchasing) &&
               flag_matches(service_, p.service) && flag_matches(work_, p.work) &&
               flag_matches(active_, p.activated) && flag_matches(eshop_sync_, p.eshop_sync);
    }

  private:
    [[nodiscard]] bool text_matches(const std::string& wanted, const std::string& value) const {
        if (wanted.empty()) return true;
        return like_ ? contains_folded(value, folded(wanted)) : wanted == value;
    }
    static bool flag_matches(std::optional<bool> wanted, bool value) { return !wanted || *wanted == value; }

    std::string count_code_, code_, title_, category_;
    bool like_;
    std::optional<bool> sales_, purchase_, service_, work_, active_, eshop_sync_;
};

// Indexes of the accepted products, in the order this company answers in.
std::vector<std::uint32_t> ordered_matches(const Call& call, const ProductFilter& filter) {
    const auto& products = call.ledger.products;
    std::vector<std::uint32_t> found;
    found.reserve(products.size());
    for (std::uint32_t i = 0; i < products.size(); ++i) {
        if (filter.accepts(products[i])) found.push_back(i);
    }
    if (call.ledger.options.product_order == "mk_id") return found;
    const std::uint64_t salt = call.ledger.options.product_order == "unstable" ? call.nonce : 77;
    std::sort(found.begin(), found.end(), [&](std::uint32_t a, std::uint32_t b) {
        return mix(products[a].mk_id ^ mix(salt)) < mix(products[b].mk_id ^ mix(salt));
    });
    return found;
}

ProductExtras extras_of(const Fields& body) {
    ProductExtras extras;
    extras.pricelist = body.is_true("return_pricelist");
    extras.tax_factor = body.is_true("show_tax_factor");
    extras.stock = body.is_true("return_warehause_stock");
    extras.free_amount = body.is_true("return_free_amount");
    extras.reservation = body.is_true("return_warehouse_reservation");
    extras.category = body.is_true("return_category");
    return extras;
}

}  // namespace

std::string product_list(Call& call) {
    const Page page = page_of(call, kMaxProducts);
    const ProductFilter filter(call.body);
    const ProductExtras extras = extras_of(call.body);
    const auto& products = call.ledger.products;
    // The common full scan needs no list of matches.
    const bool direct = filter.accepts_all() && call.ledger.options.product_order == "mk_id";
    const auto matches = direct ? std::vector<std::uint32_t>{} : ordered_matches(call, filter);
    const std::size_t total = direct ? products.size() : matches.size();
    const std::size_t first = std::min(page.first, total);
    const std::size_t count = std::min(page.limit, total - first);
    const auto row = [&](std::size_t i) -> const Product& {
        return products[direct ? first + i : matches[first + i]];
    };

    JsonOut out;
    out.reserve(256 + count * 1200);
    out.open('{').member("opr_code", "0").member("opr_time_ms", "144");
    for (const auto* name : {"count_code", "code", "sales", "purchase", "service", "active"}) {
        if (call.body.has(name)) out.member(name, call.body.text(name));
    }
    out.member("limit", std::to_string(page.limit)).member("offset", std::to_string(page.offset));
    out.member("product_list_count", std::to_string(count));
    if (count == 1) {
        out.key("product_list");
        write_product(out, call.ledger, row(0), extras);
    } else if (count > 0) {
        out.key("product_list").open('[');
        for (std::size_t i = 0; i < count; ++i) write_product(out, call.ledger, row(i), extras);
        out.close(']');
    } else if (call.nonce % 3 != 0) {
        out.key("product_list").raw(call.nonce % 3 == 1 ? "\"\"" : "null");
    }
    out.close('}');
    return out.take();
}

}  // namespace metakocka::sim
