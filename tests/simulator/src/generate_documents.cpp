#include "generator.hpp"

namespace metakocka::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view kDiscounts[] = {"5", "12", "15", "22;23", "12,5", "10;5;2"};

Line free_text_line(Random& random) {
    Line line;
    line.name = random.percent(50) ? "Dostava čez cesto" : "Popravek po dogovoru\n(druga vrstica)";
    if (random.percent(50)) line.unit = "kos";
    line.price = Decimal::of(random.between(100, 9'999), 2);
    return line;
}

Line product_line(Ledger& ledger, Random& random) {
    const Product& product = ledger.products[random.below(ledger.products.size())];
    Line line;
    line.product_id = product.mk_id;
    // A few lines leave out what the product says itself.
    if (!random.percent(3)) line.code = product.code;
    if (!random.percent(3)) line.name = product.name;
    if (!random.percent(3)) line.unit = product.unit;
    const Pricelist* list = ledger.chosen_pricelist(product);
    line.price = list != nullptr ? list->steps.front().price : Decimal::of(random.between(100, 50'000), 2);
    return line;
}

Tax line_tax(Random& random, DocType type, bool untaxed) {
    if (type == DocType::kForeign) return untaxed ? Tax::kNone : Tax::kEx1;
    if (random.percent(80)) return Tax::kEx4;
    return random.percent(80) ? Tax::kEx3 : Tax::kEx2;
}

void add_lines(Ledger& ledger, Random& random, Document& document) {
    const auto count = random.percent(35) ? 1 : random.between(2, 6);
    const bool gross = document.type == DocType::kRetail ? random.percent(80) : random.percent(5);
    const bool untaxed = random.percent(50);
    for (std::int64_t i = 0; i < count; ++i) {
        Line line = random.percent(6) ? free_text_line(random) : product_line(ledger, random);
        line.amount =
            random.percent(20) ? Decimal::of(random.between(1, 25'000), 3) : Decimal(random.between(1, 12));
        if (document.type == DocType::kCreditNote) line.amount = Decimal() - line.amount;
        line.tax = line_tax(random, document.type, untaxed);
        line.gross = gross && line.tax != Tax::kNone;
        if (random.percent(15)) line.discount = random.pick(kDiscounts);
        document.lines.push_back(std::move(line));
    }
}

void add_payments(Random& random, Document& document) {
    if (!is_bill(document.type)) return;
    const auto roll = random.below(100);
    const auto pay = [&](Decimal amount) {
        if (!amount.is_zero())
            document.payments.push_back(
                {document.date + days{random.between(0, 20)}, amount, "Transakcijski račun"});
    };
    if (document.type == DocType::kRetail || document.type == DocType::kPrepaid || roll < 60) {
        pay(document.total);
    } else if (roll < 75) {
        const Decimal part = (document.total * Decimal::of(random.between(1, 6), 1)).rounded(2);
        pay(part);
        if (random.percent(30)) pay((part * Decimal::of(25, 2)).rounded(2));
    }
    document.settle();
}

}  // namespace

Document generate_document(Ledger& ledger, Random& random, DocType type, Date date) {
    Document document;
    document.mk_id = ledger.next_id(Ledger::Kind::kDocument);
    document.type = type;
    document.count_code = ledger.next_number(type);
    document.date = date;
    document.due = date + days{random.between(0, 45)};
    document.created = date + hours{8} + seconds{random.between(0, 30'000)};
    document.changed = document.created + hours{random.between(0, 48)};
    const Partner& partner = ledger.partners[random.below(ledger.partners.size())];
    document.partner_id = partner.mk_id;
    const Partner& receiver =
        random.percent(90) ? partner : ledger.partners[random.below(ledger.partners.size())];
    document.receiver_id = receiver.mk_id;
    if (type == DocType::kForeign && random.percent(25)) document.currency = "USD";
    document.warehouse = static_cast<std::uint32_t>(random.below(ledger.warehouses.size() - 1));
    if (random.percent(40)) document.title = "Naziv " + document.count_code;
    if (random.percent(40)) document.buyer_order = "NK-" + std::to_string(document.mk_id % 100'000'000);
    if (random.percent(20)) document.notes = "Opomba: \"nujno\"\npokliči <b>prej</b>";
    if (!is_bill(type) || random.percent(20))
        document.status_code = random.percent(50) ? "Odpremljen" : "draft";
    if (random.percent(15)) document.profit_center = "Profitni center 1";
    document.issued = type == DocType::kRetail || (is_bill(type) && random.percent(60));
    add_lines(ledger, random, document);
    document.settle();
    add_payments(random, document);
    return document;
}

}  // namespace metakocka::sim
