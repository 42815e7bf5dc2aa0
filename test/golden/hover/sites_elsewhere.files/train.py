from sites_elsewhere import Net

FEATURES = 28 * 28
net = Net(FEATURES, hidden=256)
