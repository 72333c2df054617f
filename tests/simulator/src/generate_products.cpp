#include <algorithm>

#include "generator.hpp"

namespace metakocka::sim {
namespace {

using std::chrono::days;

constexpr std::string_view kNouns[] = {
    "Škatla", "Čistilo",  "Žarnica",        "Vijak",        "Kabel",
    "Ležaj",  "Črpalka",  "Omara",          "Stol",         "Pralni stroj",
    "Ključ",  "Rokavice", "Zaščitna očala", "Brusni papir", "Inverter Schweißgerät"};
constexpr std::string_view kKinds[] = {"rdeča", "velik",   "mala",      "črn",   "nerjaveča", "LED",
                                       "PRO",   "6101 WK", "z ročajem", "3/4\"", "M8×40",     "& dodatki"};
constexpr std::string_view kUnits[] = {"kos", "kos", "kos", "kpl", "kg", "m", "m2", "dan", "l"};
constexpr std::string_view kCategories[] = {"Orodje", "Čistila", "Elektro", "Pohištvo", ""};

std::string padded(std::size_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string product_name(Random& random, std::size_t number) {
    std::string name(random.pick(kNouns));
    name += ' ';
    name += random.pick(kKinds);
    name += ' ' + std::to_string(number);
    if (random.percent(2)) name.insert(0, "¨");
    if (random.percent(2)) name += " \"AKCIJA\"";
    if (random.percent(1)) name += " \\ 'izprodaja' 😀";
    return name;
}

std::string product_description(Random& random, const std::string& name) {
    switch (random.below(6)) {
        case 0:
            return "HTML<div><br></div><div><font color=\"#ff0000\">" + name + "</font></div>";
        case 1:
            return "Dodatni opis:\nprva vrstica\r\n\tdruga vrstica";
        case 2:
            return "<ul><li>čšž</li><li>&nbsp;&amp; <a href=\"www.google.com\">www.google.com</a></li></ul>";
        case 3:
            return "Naziv artikla je " + name;
        default:
            return {};
    }
}

std::string product_code(Random& random, std::size_t number) {
    switch (random.below(8)) {
        case 0:
            return "prod sifra " + std::to_string(number);
        case 1:
            return "0" + padded(number, 6);  // a leading zero that must survive
        case 2:
            return "ŠIF/" + padded(number, 5) + "-č";
        default:
            return "ART-" + padded(number, 6);
    }
}

Decimal price(Random& random) {
    switch (random.below(5)) {
        case 0:
            return Decimal(random.between(1, 40));
        case 1:
            return Decimal::of(random.between(1, 99'999), 4);
        case 2:
            return Decimal::of(random.between(100'000, 999'999), 2);  // grouped on the wire: 1.895,01
        default:
            return Decimal::of(random.between(10, 29'999), 2);
    }
}

Tax tax(Random& random) {
    if (random.percent(80)) return Tax::kEx4;
    return random.percent(70) ? Tax::kEx3 : Tax::kEx2;
}

Pricelist pricelist(Random& random, std::string count_code, bool sales, bool gross) {
    Pricelist list;
    list.title = "cenik " + count_code;
    list.count_code = std::move(count_code);
    list.sales = sales;
    list.gross = gross;
    list.tax = !gross && random.percent(5) ? Tax::kNone : tax(random);
    if (random.percent(4)) list.currency = "USD";
    const auto steps = random.percent(15) ? random.between(2, 4) : 1;
    Decimal value = price(random);
    for (std::int64_t i = 0; i < steps; ++i) {
        PriceStep step;
        if (i > 0) step.amount_from = Decimal(i * 10);
        if (i + 1 < steps) step.amount_to = Decimal((i + 1) * 10);
        step.price = value;
        if (random.percent(5)) step.discount = "15";
        list.steps.push_back(step);
        value = (value * Decimal::of(9, 1)).rounded(4);
    }
    return list;
}

std::vector<Pricelist> pricelists(Random& random, Date today) {
    std::vector<Pricelist> lists;
    if (random.percent(8)) return lists;
    if (random.percent(30)) lists.push_back(pricelist(random, "NAB_1", false, false));
    if (random.percent(12)) {  // ran out, stands before the valid one
        auto expired = pricelist(random, "PC_2019", true, random.percent(50));
        expired.valid_from = today - days{random.between(800, 1200)};
        expired.valid_to = today - days{random.between(60, 700)};
        lists.push_back(std::move(expired));
    }
    if (random.percent(5)) {  // does not hold yet
        auto future = pricelist(random, "PC_PRIHODNJI", true, false);
        future.valid_from = today + days{random.between(60, 300)};
        lists.push_back(std::move(future));
    }
    if (random.percent(94)) {
        const bool gross = random.percent(30);
        auto valid = pricelist(random, gross ? "PC-2016" : "PC_115", true, gross);
        if (random.percent(30)) valid.valid_from = today - days{random.between(60, 2000)};
        if (random.percent(10)) valid.valid_to = today + days{random.between(400, 3000)};
        lists.push_back(std::move(valid));
    }
    if (random.percent(15)) {
        auto special = pricelist(random, "PC_200_PC", true, random.percent(50));
        special.buyer = "Janez Novak";
        lists.push_back(std::move(special));
    }
    return lists;
}

}  // namespace

Product generate_product(Ledger& ledger, Random& random, std::size_t number) {
    Product product;
    product.mk_id = ledger.next_id(Ledger::Kind::kProduct);
    product.count_code =
        random.percent(70) ? std::to_string(16'000 + number) : "PA_" + std::to_string(100 + number) + "_PA";
    product.name = product_name(random, number);
    product.description = product_description(random, product.name);
    product.code = product_code(random, number);
    product.unit = random.pick(kUnits);
    if (random.percent(50)) product.barcode = "383" + padded(number, 10);
    product.category = random.pick(kCategories);
    if (random.percent(60)) product.weight = Decimal::of(random.between(1, 25'000), 3);
    if (random.percent(5)) product.weight = Decimal::of(73, 1);
    if (random.percent(30)) product.height = Decimal(random.between(1, 200));
    product.service = random.percent(7);
    product.work = product.service && random.percent(30);
    product.sales = !random.percent(8);
    product.purchasing = random.percent(75);
    product.activated = !random.percent(6);
    product.eshop_sync = random.percent(40);
    if (random.percent(20)) product.localization.emplace_back("en", "Item " + std::to_string(number));
    if (random.percent(5))
        product.localization.emplace_back("de", "Artikel \"" + std::to_string(number) + '"');
    product.pricelists = pricelists(random, ledger.today);
    return product;
}

void generate_stock(Ledger& ledger, Random& random, std::size_t rows) {
    if (ledger.products.empty()) return;
    // The last warehouse is closed and empty.
    const auto open = static_cast<std::uint32_t>(ledger.warehouses.size() - 1);
    std::vector<StockRow> made;
    made.reserve(rows + 4);
    while (made.size() < rows) {
        const auto& product = ledger.products[random.below(ledger.products.size())];
        if (product.service) {
            if (random.percent(95)) continue;
        }
        StockRow row;
        row.product_id = product.mk_id;
        row.warehouse = static_cast<std::uint32_t>(random.below(open));
        const std::int64_t lots = random.percent(12) ? random.between(2, 4) : 1;
        for (std::int64_t lot = 0; lot < lots; ++lot) {
            row.amount = random.percent(15) ? Decimal::of(random.between(1, 99'999), 3)
                                            : Decimal(random.between(0, 2000));
            if (random.percent(4)) row.amount = Decimal(-random.between(1, 40));
            row.reserved = random.percent(20) ? Decimal(random.between(1, 12)) : Decimal();
            row.lot = lots > 1 ? "LOT-" + std::to_string(lot + 1) : std::string();
            if (lots > 1 && random.percent(50)) row.expires = ledger.today + days{random.between(10, 700)};
            row.serial = random.percent(3) ? "ser" + std::to_string(made.size()) : std::string();
            row.microlocation = random.percent(40) ? "A1" : std::string();
            made.push_back(row);
        }
    }
    std::stable_sort(made.begin(), made.end(), [](const StockRow& a, const StockRow& b) {
        return a.product_id != b.product_id ? a.product_id < b.product_id : a.warehouse < b.warehouse;
    });
    ledger.stock = std::move(made);
}

}  // namespace metakocka::sim
