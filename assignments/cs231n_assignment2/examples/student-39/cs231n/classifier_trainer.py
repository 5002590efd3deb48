import numpy as np

class ClassifierTrainer(object):
  def __init__(self):
    self.step_cache = {}

  def train(self, X, y, X_val, y_val, model, loss_function, reg=0.0,
            learning_rate=1e-2, momentum=0, learning_rate_decay=0.95,
            update='momentum', sample_batches=True,
            num_epochs=30, batch_size=100, acc_frequency=None, verbose=False):
    N = X.shape[0]
    per_epoch = N / batch_size if sample_batches else 1
    best_acc, best_model = -1.0, {}
    losses, train_accs, val_accs = [], [], []
    for it in xrange(num_epochs * per_epoch):
      rows = np.random.choice(N, batch_size) if sample_batches else np.arange(N)
      cost, grads = loss_function(X[rows], model, y[rows], reg)
      losses.append(cost)
      for p in model:
        if update == 'sgd':
          dx = -learning_rate * grads[p]
        elif update == 'momentum':
          v = self.step_cache.get(p, np.zeros(grads[p].shape))
          dx = momentum * v - learning_rate * grads[p]
          self.step_cache[p] = dx
        elif update == 'rmsprop':
          cache = 0.99 * self.step_cache.get(p, np.zeros(grads[p].shape)) + 0.01 * grads[p] ** 2
          self.step_cache[p] = cache
          dx = -learning_rate * grads[p] / np.sqrt(cache + 1e-8)
        else:
          raise ValueError('Unrecognized update type "%s"' % update)
        model[p] += dx
      if it == 0 or (it + 1) % per_epoch == 0:
        if it > 0:
          learning_rate *= learning_rate_decay
        train_accs.append(np.mean(np.argmax(loss_function(X, model), axis=1) == y))
        val_accs.append(np.mean(np.argmax(loss_function(X_val, model), axis=1) == y_val))
        if val_accs[-1] > best_acc:
          best_acc = val_accs[-1]
          best_model = dict((p, model[p].copy()) for p in model)
        if verbose:
          print 'iteration %d: cost %f, val %f' % (it, cost, val_accs[-1])
    return best_model, losses, train_accs, val_accs
