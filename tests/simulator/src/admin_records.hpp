#pragma once

#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "admin.hpp"

namespace metakocka::sim {

struct AdminError : std::runtime_error {
    AdminError(int status_, const std::string& text) : std::runtime_error(text), status(status_) {}
    int status;
};

// companies/{id}/{products|partners|documents|stock|warehouses}[/{mk_id}[/{warehouse}]]
boost::json::value admin_records(Company& company, const AdminRequest& request,
                                 const std::vector<std::string>& path, const boost::json::object& body);

std::size_t query_number(const AdminRequest& request, const std::string& name, std::size_t fallback);

}  // namespace metakocka::sim
