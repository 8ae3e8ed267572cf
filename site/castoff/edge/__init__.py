"""CloudFront's data plane in small: the function, the cache and the origins, as the deployed template says."""
