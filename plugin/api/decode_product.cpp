#include <string>

#include "api/decode.hpp"
#include "model/fields.hpp"

namespace metakocka::api {

sync::ErpRow decode_product(const boost::json::value& row, const PriceChoice& choice) {
    using F = fields::Product;
    return decode_row(RecordKind::kProducts, "product", row,
                      [&choice](const boost::json::object& object, Record& record) {
                          auto& values = record.values;
                          // Products made before the flag existed come without it and are in use.
                          record.active = flag(object, "activated").value_or("true") == "true";
                          values[F::kCode] = text(object, "code");
                          values[F::kName] = text(object, "name");
                          values[F::kDescription] = text(object, "name_desc");
                          values[F::kUnit] = text(object, "unit");
                          values[F::kBarcode] = text(object, "barcode");
                          values[F::kWeight] = number(object, "weight");
                          values[F::kSellable] = flag(object, "sales");
                          values[F::kPurchasable] = flag(object, "purchasing");
                          values[F::kService] = flag(object, "service");
                          NetPrice price = choose_price(object, choice);
                          values[F::kPrice] = std::move(price.price);
                          values[F::kCurrency] = std::move(price.currency);
                          values[F::kTaxRate] = std::move(price.tax_rate);
                      });
}

}  // namespace metakocka::api
