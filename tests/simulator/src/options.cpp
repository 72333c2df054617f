#include "options.hpp"

#include <charconv>
#include <stdexcept>

namespace metakocka::sim {
namespace {

template <typename Number>
Number number(const std::string& name, const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw std::invalid_argument(name + ": not a number: " + text);
    }
    return value;
}

ListenAddress address(const std::string& name, const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) throw std::invalid_argument(name + ": HOST:PORT expected");
    return {text.substr(0, colon), number<std::uint16_t>(name, text.substr(colon + 1))};
}

}  // namespace

std::string usage() {
    return "metakocka-sim [--listen HOST:PORT] [--tls-cert F --tls-key F | --tls-dir DIR] [--admin-listen "
           "HOST:PORT]\n"
           "              [--companies N] [--products N] [--partners N] [--invoices N] [--stock N] [--seed "
           "N]\n"
           "              [--latency MS] [--today YYYY-MM-DD]\n";
}

Options parse_options(int argc, char** argv) {
    Options options;
    options.erp.today = today_here();
    std::optional<std::size_t> stock;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--help" || name == "-h") {
            options.help = true;
            return options;
        }
        if (i + 1 == argc) throw std::invalid_argument(name + ": unknown option or value missing");
        const std::string value = argv[++i];
        if (name == "--listen")
            options.listen = address(name, value);
        else if (name == "--admin-listen")
            options.admin = address(name, value);
        else if (name == "--tls-cert")
            options.tls_certificate = value;
        else if (name == "--tls-key")
            options.tls_key = value;
        else if (name == "--tls-dir")
            options.tls_dir = value;
        else if (name == "--companies")
            options.erp.companies = number<std::uint32_t>(name, value);
        else if (name == "--products")
            options.erp.sizes.products = number<std::size_t>(name, value);
        else if (name == "--partners")
            options.erp.sizes.partners = number<std::size_t>(name, value);
        else if (name == "--invoices")
            options.erp.sizes.invoices = number<std::size_t>(name, value);
        else if (name == "--stock")
            stock = number<std::size_t>(name, value);
        else if (name == "--seed")
            options.erp.seed = number<std::uint64_t>(name, value);
        else if (name == "--latency")
            options.erp.latency = std::chrono::milliseconds{number<int>(name, value)};
        else if (name == "--today") {
            const auto day = parse_iso_date(value);
            if (!day) throw std::invalid_argument("--today: YYYY-MM-DD expected");
            options.erp.today = *day;
        } else {
            throw std::invalid_argument("unknown option " + name);
        }
    }
    options.erp.sizes.stock_rows = stock.value_or(options.erp.sizes.products * 3 / 2);
    if (options.tls_certificate.empty() != options.tls_key.empty()) {
        throw std::invalid_argument("--tls-cert and --tls-key go together");
    }
    return options;
}

}  // namespace metakocka::sim
